import { useQuery } from '@tanstack/react-query';
import { Monitor, Smartphone } from 'lucide-react';
import { useState } from 'react';
import { api, ask } from '../api/client.ts';
import { leaveToSignIn } from '../api/leave.ts';
import { useCall } from '../api/use-call.ts';
import { Act, Dialog } from '../design/dialog.tsx';
import { Fault, sentenceOf } from '../design/fault.tsx';
import { Loaded } from '../design/loaded.tsx';
import { toast } from '../design/toast.tsx';
import type { Session } from '../signed-in.tsx';
import { exactly, when } from '../texts/index.ts';
import { spoken } from '../texts/spoken.ts';
import { browserOf, isPhone } from '../design/browser-of.ts';

const say = spoken({
  en: {
    title: 'Where you are signed in',
    here: 'This browser',
    since: (moment: string) => `Signed in ${moment}`,
    unknown: 'A browser or program',
    end: 'Sign out',
    ended: 'That session is signed out.',
    everywhere: 'Sign out everywhere',
    question: 'Sign out everywhere?',
    consequence:
      'Every browser and app is signed out at once, this one too. Your methods and codes stay as they are.',
    keep: 'Stay signed in',
  },
  nl: {
    title: 'Waar u bent aangemeld',
    here: 'Deze browser',
    since: (moment: string) => `Aangemeld ${moment}`,
    unknown: 'Een browser of programma',
    end: 'Afmelden',
    ended: 'Die sessie is afgemeld.',
    everywhere: 'Overal afmelden',
    question: 'Overal afmelden?',
    consequence:
      'Elke browser en app wordt meteen afgemeld, deze ook. Uw manieren en codes blijven zoals ze zijn.',
    keep: 'Aangemeld blijven',
  },
});

/** Each session with from where it began; one is ended, or all of them at once. */
export function Sessions({ session: { domain, userId } }: { readonly session: Session }) {
  const params = { path: { domain, user: userId } };
  const query = useQuery({
    queryKey: ['sessions', userId],
    queryFn: () => ask(() => api.GET('/v1/domains/{domain}/users/{user}/sessions', { params })),
  });
  const { busy, fault, call } = useCall();
  const [isAsking, setAsking] = useState(false);
  const end = (sessionId: string) =>
    void call(async () => {
      const path = { domain, user: userId, sessionId };
      await ask(() =>
        api.DELETE('/v1/domains/{domain}/users/{user}/sessions/{sessionId}', { params: { path } }),
      );
      toast(say.ended);
      await query.refetch();
    });
  const endAll = () =>
    void call(async () => {
      await ask(() => api.DELETE('/v1/domains/{domain}/users/{user}/sessions', { params }));
      await leaveToSignIn('ended');
    });
  return (
    <section className="section" aria-labelledby="sessions">
      <div className="section-head">
        <h2 id="sessions">{say.title}</h2>
        <button className="btn small danger-line" type="button" onClick={() => setAsking(true)}>
          {say.everywhere}
        </button>
      </div>
      {fault !== undefined && <Fault id="sessions-fault">{sentenceOf(fault)}</Fault>}
      <Loaded of={query} ghosts={2}>
        {({ items }) => (
          <ul className="rows">
            {items.map(({ sessionId, current, startedAt, context }) => {
              const Icon = isPhone(context?.userAgent) ? Smartphone : Monitor;
              const called = browserOf(context?.userAgent) ?? say.unknown;
              return (
                <li className="row" key={sessionId}>
                  <span className="lead">
                    <Icon className="icon" aria-hidden="true" />
                  </span>
                  <div className="text">
                    <h3 className="name">
                      {called}
                      {current && <span className="badge accent">{say.here}</span>}
                    </h3>
                    <p className="facts">
                      <time dateTime={startedAt} title={exactly(new Date(startedAt))}>
                        {say.since(when(new Date(startedAt)))}
                      </time>
                      {context && ` · ${context.ip}`}
                    </p>
                  </div>
                  {!current && (
                    <div className="end">
                      <button className="btn plain small" type="button" onClick={() => end(sessionId)}>
                        {say.end}
                        <span className="only-heard"> {called}</span>
                      </button>
                    </div>
                  )}
                </li>
              );
            })}
          </ul>
        )}
      </Loaded>
      <Dialog
        open={isAsking}
        title={say.question}
        lead={say.consequence}
        cancel={say.keep}
        act={
          <Act danger busy={busy}>
            {say.everywhere}
          </Act>
        }
        onSubmit={endAll}
        onClose={() => setAsking(false)}
      >
        {fault !== undefined && <Fault id="everywhere-fault">{sentenceOf(fault)}</Fault>}
      </Dialog>
    </section>
  );
}
