import { useQuery } from '@tanstack/react-query';
import { CircleAlert, Database, LogOut, ShieldAlert, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { api, ask, type Schemas } from '../api/client.ts';
import { useCall } from '../api/use-call.ts';
import { Act, Dialog } from '../design/dialog.tsx';
import { Fault, sentenceOf } from '../design/fault.tsx';
import { Loaded } from '../design/loaded.tsx';
import { Page } from '../design/page.tsx';
import { toast } from '../design/toast.tsx';
import { exactly, numbered, when } from '../texts/index.ts';
import { say } from './texts.ts';

/** It is seen anew so often (milliseconds). */
const EVERY_MS = 3_000;

/** Whether it is ready, how far its read models are, and what could not be handled. */
export const HealthPage = ({ onLeave }: { readonly onLeave: () => void }) => (
  <Page
    title={say.title}
    lead={say.lead}
    actions={
      <button className="btn small top-only" type="button" onClick={onLeave}>
        <LogOut className="icon icon-s" aria-hidden="true" />
        {say.leave}
      </button>
    }
  >
    <Ready />
    <ReadModels />
    <Parked />
  </Page>
);

/** As probes are answered, which is no part of the API's document. */
interface Readiness {
  readonly faults?: Readonly<Record<string, unknown>>;
}

async function askReady(): Promise<Readiness> {
  const response = await fetch('/health/ready');
  return (await response.json()) as Readiness;
}

function Ready() {
  const query = useQuery({
    queryKey: ['ready'],
    // what does not answer is not ready, either: the page says so in its words
    queryFn: () => ask(async () => ({ data: await askReady(), response: new Response() })),
    refetchInterval: EVERY_MS,
  });
  return (
    <Loaded of={query} ghosts={1}>
      {({ faults = {} }) => {
        const wrong = Object.entries(faults);
        const Sign = wrong.length === 0 ? ShieldCheck : ShieldAlert;
        return (
          <section className="status" aria-labelledby="ready">
            <div className={wrong.length === 0 ? 'say' : 'say bad'}>
              <span className="sign">
                <Sign className="icon" aria-hidden="true" />
              </span>
              <h2 id="ready">{wrong.length === 0 ? say.ready : say.notReady}</h2>
              {wrong.length === 0 ? (
                <p>{say.readyText}</p>
              ) : (
                <ul>
                  {wrong.map(([name, why]) => (
                    <li key={name}>
                      {name}: {typeof why === 'string' ? why : JSON.stringify(why)}
                    </li>
                  ))}
                </ul>
              )}
            </div>
          </section>
        );
      }}
    </Loaded>
  );
}

function ReadModels() {
  const query = useQuery({
    queryKey: ['read-models'],
    queryFn: () => ask(() => api.GET('/v1/operator/projections')),
    refetchInterval: EVERY_MS,
  });
  const [asked, setAsked] = useState<string>();
  const { busy, fault, call, clear } = useCall();
  const rebuild = (name: string) =>
    void call(async () => {
      await ask(() => api.POST('/v1/operator/projections/{name}/rebuild', { params: { path: { name } } }));
      setAsked(undefined);
      toast(say.rebuilding(name));
      await query.refetch();
    });
  return (
    <section className="section" aria-labelledby="read-models">
      <div className="section-head">
        <h2 id="read-models">{say.readModels}</h2>
        <p>{say.readModelsText}</p>
      </div>
      <Loaded of={query} ghosts={3}>
        {({ items }) => (
          <ul className="rows">
            {items
              .filter(({ state }) => state !== 'retired')
              .map((model) => (
                <li className="row" key={`${model.name} ${model.generation}`}>
                  <span className="lead">
                    <Database className="icon" aria-hidden="true" />
                  </span>
                  <ReadModel model={model} />
                  {model.state === 'live' && (
                    <div className="end">
                      <button
                        className="btn small"
                        type="button"
                        onClick={() => {
                          clear();
                          setAsked(model.name);
                        }}
                      >
                        {say.rebuild}
                        <span className="only-heard"> {model.name}</span>
                      </button>
                    </div>
                  )}
                </li>
              ))}
          </ul>
        )}
      </Loaded>
      <Dialog
        open={asked !== undefined}
        title={say.rebuildQuestion(asked ?? '')}
        lead={say.rebuildText}
        cancel={say.keep}
        act={<Act busy={busy}>{say.rebuild}</Act>}
        onSubmit={() => rebuild(asked!)}
        onClose={() => setAsked(undefined)}
      >
        {fault !== undefined && <Fault id="rebuild-fault">{sentenceOf(fault)}</Fault>}
      </Dialog>
    </section>
  );
}

/** How far it is; while it is made, as a bar. */
function ReadModel({
  model: { name, state, generation, events, behind },
}: {
  readonly model: Schemas['ReadModel'];
}) {
  const share = behind ? events / (events + behind) : 1;
  const far = behind ? say.behind(numbered(behind)) : behind === 0 ? say.upToDate : say.lost;
  return (
    <div className="text stack s">
      <h3 className="name">
        {name}
        <span className={state === 'live' ? 'badge' : 'badge accent'}>{say.states[state]}</span>
      </h3>
      <p className="facts">
        {far} · {say.generation(generation, numbered(events))}
      </p>
      {share < 1 && (
        <div
          className="bar"
          role="progressbar"
          aria-label={name}
          aria-valuenow={Math.round(share * 100)}
          aria-valuemin={0}
          aria-valuemax={100}
        >
          <i style={{ width: `${share * 100}%` }} />
        </div>
      )}
    </div>
  );
}

function Parked() {
  const query = useQuery({
    queryKey: ['parked'],
    queryFn: () => ask(() => api.GET('/v1/operator/parked')),
    refetchInterval: EVERY_MS,
  });
  const { fault, call } = useCall();
  const retry = (room: string, eventId: string) =>
    void call(async () => {
      const params = { path: { room, eventId } };
      const { state } = await ask(() => api.POST('/v1/operator/parked/{room}/{eventId}/retry', { params }));
      toast(state === 'handled' ? say.handled : say.stillParked);
      await query.refetch();
    });
  return (
    <section className="section" aria-labelledby="parked">
      <div className="section-head">
        <h2 id="parked">{say.parked}</h2>
        <p>{say.parkedText}</p>
      </div>
      {fault !== undefined && <Fault id="parked-fault">{sentenceOf(fault)}</Fault>}
      <Loaded of={query} ghosts={2}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="small">{say.noneParked}</p>
          ) : (
            <ul className="rows">
              {items.map(({ room, eventId, type, cause, attempts, parkedAt }) => (
                <li className="row" key={`${room} ${eventId}`}>
                  <span className="lead">
                    <CircleAlert className="icon" aria-hidden="true" />
                  </span>
                  <div className="text">
                    <h3 className="name">
                      {room} · {type}
                    </h3>
                    <p className="facts">
                      <time dateTime={parkedAt} title={exactly(new Date(parkedAt))}>
                        {when(new Date(parkedAt))}
                      </time>{' '}
                      · {say.attempts(attempts)}
                    </p>
                    <p className="small">{cause}</p>
                  </div>
                  <div className="end">
                    <button className="btn small" type="button" onClick={() => retry(room, eventId)}>
                      {say.retry}
                      <span className="only-heard">
                        {' '}
                        {room} {type}
                      </span>
                    </button>
                  </div>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}
