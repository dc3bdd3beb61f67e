import { useQuery } from '@tanstack/react-query';
import { Plus, Server } from 'lucide-react';
import { useState } from 'react';
import { api, ask, type Schemas } from '../../api/client.ts';
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
import { ServiceDialog } from './service-dialog.tsx';
import { TestSignIn } from './test-sign-in.tsx';
import { say } from './texts.ts';

type Service = Schemas['Service'];
/** The reference sign-in service, whose name is reserved. */
const OWN = 'identity';

/** The internal services of the domain. */
export default function ServicesPage({ session: { domain } }: PageProps) {
  const query = useQuery({
    queryKey: ['services', domain],
    queryFn: () => ask(() => api.GET('/v1/domains/{domain}/services', { params: { path: { domain } } })),
  });
  const [edited, edit] = useState<Service | 'new'>();
  const [leaving, setLeaving] = useState<Service>();
  const [tested, test] = useState<Service>();
  const { busy, fault, call, clear } = useCall();
  const remove = ({ service, displayName }: Service) =>
    void call(async () => {
      const params = { path: { domain, service } };
      await ask(() => api.DELETE('/v1/domains/{domain}/services/{service}', { params }));
      setLeaving(undefined);
      toast(say.removed(displayName));
      await query.refetch();
    });
  return (
    <Page
      title={names.services}
      lead={say.lead}
      actions={
        <button className="btn small" type="button" onClick={() => edit('new')}>
          <Plus className="icon icon-s" aria-hidden="true" />
          {say.add}
        </button>
      }
    >
      <Loaded of={query}>
        {({ items }) => (
          <>
            <ul className="rows">
              {items.map((service) => (
                <Row
                  key={service.service}
                  service={service}
                  onEdit={() => edit(service)}
                  onTest={() => test(service)}
                  onRemove={() => {
                    clear();
                    setLeaving(service);
                  }}
                />
              ))}
            </ul>
            <ServiceDialog
              domain={domain}
              edited={edited}
              taken={items.map(({ service }) => service)}
              onClose={() => edit(undefined)}
              onSaved={(name, isNew) => {
                edit(undefined);
                toast([say.saved(name), isNew && say.token].filter(Boolean).join(' '));
                void query.refetch();
              }}
            />
          </>
        )}
      </Loaded>
      <TestSignIn domain={domain} tested={tested} onClose={() => test(undefined)} />
      <Dialog
        open={leaving !== undefined}
        title={say.removeTitle(leaving?.displayName ?? '')}
        lead={say.removeText}
        cancel={say.keep}
        act={
          <Act danger busy={busy}>
            {say.remove}
          </Act>
        }
        onSubmit={() => remove(leaving!)}
        onClose={() => setLeaving(undefined)}
      >
        {fault !== undefined && <Fault id="remove-fault">{whyNot(fault)}</Fault>}
      </Dialog>
    </Page>
  );
}

function Row({
  service: { service, displayName, returnUrls, onBehalf, manages },
  onEdit,
  onTest,
  onRemove,
}: {
  readonly service: Service;
  readonly onEdit: () => void;
  readonly onTest: () => void;
  readonly onRemove: () => void;
}) {
  const isOwn = service === OWN;
  return (
    <li className="row">
      <span className="lead">
        <Server className="icon" aria-hidden="true" />
      </span>
      <div className="text">
        <h2 className="name">
          <bdi>{displayName}</bdi>
          {onBehalf && <span className="badge accent">{say.onBehalf}</span>}
          {manages && <span className="badge accent">{say.manages}</span>}
        </h2>
        <p className="facts">{[service, isOwn ? say.own : say.returns(returnUrls.length)].join(' · ')}</p>
      </div>
      {!isOwn && (
        <div className="end">
          <button className="btn plain small" type="button" onClick={onTest}>
            {say.test}
            <span className="only-heard"> {displayName}</span>
          </button>
          <button className="btn plain small" type="button" onClick={onEdit}>
            {say.edit}
            <span className="only-heard"> {displayName}</span>
          </button>
          <button className="btn plain small bad" type="button" onClick={onRemove}>
            {say.remove}
            <span className="only-heard"> {displayName}</span>
          </button>
        </div>
      )}
    </li>
  );
}
