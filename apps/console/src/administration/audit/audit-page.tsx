import { useInfiniteQuery } from '@tanstack/react-query';
import { Download, Pause, Play } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useSearchParams } from 'wouter';
import { api, ask, type Schemas } from '../../api/client.ts';
import { Dialog } from '../../design/dialog.tsx';
import { Fault } from '../../design/fault.tsx';
import { Choice } from '../../design/form.tsx';
import { Loaded } from '../../design/loaded.tsx';
import { More } from '../../design/more.tsx';
import { Page } from '../../design/page.tsx';
import type { PageProps } from '../../signed-in.tsx';
import { names } from '../../texts/page-names.ts';
import { texts } from '../../texts/index.ts';
import '../administration.css';
import { ACTIONS } from './actions.ts';
import { Entries } from './entries.tsx';
import { Filters } from './filters.tsx';
import { say } from './texts.ts';
import { useLive } from './use-live.ts';

type Entry = Schemas['AuditEntry'];
const OUTCOMES = ['success', 'failure'] as const;

/** What the address asks for, as the API takes it. */
function filterOf(search: URLSearchParams) {
  const [user, action] = ['user', 'action'].map((name) => search.get(name) ?? '');
  const outcome = OUTCOMES.find((one) => one === search.get('outcome'));
  const moment = (name: string) => {
    const at = new Date(search.get(name) ?? '');
    return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
  };
  const [from, to] = [moment('from'), moment('to')];
  return {
    ...(user !== '' && { user }),
    ...(Object.hasOwn(ACTIONS, action!) && { action: action as Entry['action'] }),
    ...(outcome && { outcome }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
}

/** The log of the domain: live, filtered by what the address says, one entry whole, exported. */
export default function AuditPage({ session: { domain } }: PageProps) {
  const [search, setSearch] = useSearchParams();
  const [isPaused, pause] = useState(false);
  const [isExporting, setExporting] = useState(false);
  const filter = filterOf(search);
  const key = JSON.stringify(filter);
  const query = useInfiniteQuery({
    queryKey: ['audit', domain, key],
    initialPageParam: undefined as string | undefined,
    staleTime: 0, // while the page is open what is newer comes by the stream
    refetchOnReconnect: false,
    queryFn: ({ pageParam: cursor }) => {
      const params = {
        path: { domain },
        query: { ...filter, limit: 50, ...(cursor !== undefined && { cursor }) },
      };
      return ask(() => api.GET('/v1/domains/{domain}/audit', { params }));
    },
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  const { from: _from, to, ...followed } = filter;
  const isLive = to === undefined;
  const stream = `/v1/domains/${domain}/audit/stream?${new URLSearchParams(followed)}`;
  const { fresh, isWhole, isConnected, clear } = useLive(isLive ? stream : undefined);
  const [taken, setTaken] = useState<readonly Entry[]>([]);
  useEffect(() => setTaken([]), [key]);
  /** What came in is shown from here: to read it anew would leave an entry of its own. */
  const takeIn = () => {
    if (isWhole) setTaken([...fresh, ...taken]);
    else void query.refetch().then(() => setTaken([]));
    clear();
  };
  const Icon = isPaused ? Play : Pause;
  return (
    <Page
      wide
      title={names.audit}
      lead={say.lead}
      actions={
        <>
          {isLive && isConnected && !isPaused && <span className="badge live">{say.live}</span>}
          <button className="btn small" type="button" onClick={() => pause(!isPaused)}>
            <Icon className="icon icon-s" aria-hidden="true" />
            {isPaused ? say.goOn : say.pause}
          </button>
          <button className="btn small" type="button" onClick={() => setExporting(true)}>
            <Download className="icon icon-s" aria-hidden="true" />
            {say.export}
          </button>
        </>
      }
    >
      <Filters search={search} onChange={setSearch} />
      <div role="status">
        {isLive && !isConnected && <Fault id="not-live">{say.notLive}</Fault>}
        {fresh.length > 0 && !isPaused && (
          <button className="btn outline small" type="button" onClick={takeIn}>
            {say.fresh(fresh.length)}
          </button>
        )}
      </div>
      <Loaded of={query} ghosts={10}>
        {({ pages }) => {
          const read = [...taken, ...pages.flatMap(({ items }) => items)];
          const entries = [...new Map(read.map((entry) => [entry.id, entry])).values()];
          return entries.length === 0 ? (
            <p className="empty">{say.none}</p>
          ) : (
            <div className="stack">
              <Entries heading="h2" entries={entries} />
              <More of={query} />
            </div>
          );
        }}
      </Loaded>
      <Export
        open={isExporting}
        address={(format) =>
          `/v1/domains/${domain}/audit/export?${new URLSearchParams({ ...filter, format })}`
        }
        onClose={() => setExporting(false)}
      />
    </Page>
  );
}

/** The browser's own download shows how far it is. */
function Export({
  open,
  address,
  onClose,
}: {
  readonly open: boolean;
  readonly address: (format: string) => string;
  readonly onClose: () => void;
}) {
  const [format, setFormat] = useState('ndjson');
  return (
    <Dialog
      open={open}
      title={say.export}
      lead={say.exportText}
      cancel={texts.common.cancel}
      act={
        <a className="btn primary" href={address(format)} download={`audit.${format}`} onClick={onClose}>
          {say.download}
        </a>
      }
      onClose={onClose}
    >
      <Choice
        name="format"
        label={say.format}
        chosen={format}
        options={Object.entries(say.formats)}
        onChoose={setFormat}
      />
    </Dialog>
  );
}
