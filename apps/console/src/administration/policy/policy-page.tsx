import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ask, Refused } from '../../api/client.ts';
import { useCall } from '../../api/use-call.ts';
import { Act, Dialog } from '../../design/dialog.tsx';
import { Fault } from '../../design/fault.tsx';
import { Loaded } from '../../design/loaded.tsx';
import { Page } from '../../design/page.tsx';
import { toast } from '../../design/toast.tsx';
import type { PageProps } from '../../signed-in.tsx';
import { names } from '../../texts/page-names.ts';
import '../administration.css';
import { whyNot } from '../why-not.ts';
import { Control } from './control.tsx';
import { changesBetween, GROUPS, valueAt, withValue, written, type Policy } from './fields.ts';
import { History } from './history.tsx';
import { say } from './texts.ts';

/** A form made from the schema of the API, with each bound and where it comes from; and how it came to be as it is. */
export default function PolicyPage({ session: { domain, organisation } }: PageProps) {
  const params = { path: { domain } };
  const query = useQuery({
    queryKey: ['policy', domain],
    refetchOnReconnect: false, // what is being edited stays
    staleTime: Infinity,
    queryFn: async () => {
      let etag = '';
      const policy = await ask(async () => {
        const answered = await api.GET('/v1/domains/{domain}/policy', { params });
        etag = answered.response.headers.get('etag') ?? '';
        return answered;
      });
      return { policy, etag };
    },
  });
  return (
    <Page wide title={names.policy} lead={say.lead(organisation)}>
      <Loaded of={query} ghosts={10}>
        {({ policy, etag }) => (
          <Edited
            key={etag}
            domain={domain}
            policy={policy}
            etag={etag}
            onSaved={() => void query.refetch()}
          />
        )}
      </Loaded>
      <History domain={domain} etag={query.data?.etag} />
    </Page>
  );
}

function Edited({
  domain,
  policy,
  etag,
  onSaved,
}: {
  readonly domain: string;
  readonly policy: Policy;
  readonly etag: string;
  readonly onSaved: () => void;
}) {
  const [draft, setDraft] = useState(policy);
  /** What was typed and is no whole value yet goes with what is discarded. */
  const [discards, setDiscards] = useState(0);
  const [isAsking, setAsking] = useState(false);
  const { busy, fault, call, clear } = useCall();
  const changes = changesBetween(policy, draft);
  const isStale = fault instanceof Refused && fault.problem.code === 'precondition-failed';
  const save = () =>
    void call(async () => {
      const header = { 'If-Match': etag };
      await ask(() =>
        api.PUT('/v1/domains/{domain}/policy', { params: { path: { domain }, header }, body: draft }),
      );
      setAsking(false);
      toast(say.saved);
      onSaved();
    });
  return (
    <div className="policy">
      <nav className="policy-index" aria-label={say.index}>
        {GROUPS.map(({ id, title }) => (
          <a key={id} href={`#${id}`}>
            {title}
          </a>
        ))}
      </nav>
      <form
        className="stack sections"
        onSubmit={(event) => {
          event.preventDefault();
          clear();
          setAsking(true);
        }}
      >
        {GROUPS.map(({ id, title, fields }) => (
          <section className="section" key={id} aria-labelledby={id}>
            <h2 id={id}>{title}</h2>
            <div className="settings">
              {fields.map((field) => (
                <Control
                  key={`${field.path} ${discards}`}
                  field={field}
                  value={valueAt(draft, field.path)}
                  was={valueAt(policy, field.path)}
                  onChange={(value) => setDraft((one) => withValue(one, field.path, value))}
                />
              ))}
            </div>
          </section>
        ))}
        {changes.length > 0 && (
          <div className="preview" role="status">
            <h2>{say.changes(changes.length)}</h2>
            <div className="actions">
              <button
                className="btn"
                type="button"
                onClick={() => {
                  setDraft(policy);
                  setDiscards(discards + 1);
                }}
              >
                {say.discard}
              </button>
              <button className="btn primary" type="submit">
                {say.save(changes.length)}
              </button>
            </div>
          </div>
        )}
      </form>
      <Dialog
        open={isAsking}
        title={say.question}
        lead={say.consequence}
        cancel={say.keep}
        act={
          isStale ? (
            <button className="btn primary" type="button" onClick={() => location.reload()}>
              {say.reload}
            </button>
          ) : (
            <Act busy={busy}>{say.save(changes.length).replace('…', '')}</Act>
          )
        }
        onSubmit={save}
        onClose={() => setAsking(false)}
      >
        <ul className="stack s">
          {changes.map(({ field, from, to }) => (
            <li key={field.path}>{say.fromTo(field.label, written(field, from), written(field, to))}</li>
          ))}
        </ul>
        {fault !== undefined && (
          <Fault id="policy-fault">{isStale ? say.changedMeanwhile : whyNot(fault)}</Fault>
        )}
      </Dialog>
    </div>
  );
}
