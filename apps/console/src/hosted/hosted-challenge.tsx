import { useEffect, useState } from 'react';
import { api, ask, Refused, type Schemas } from '../api/client.ts';
import { leaveFor } from '../api/leave.ts';
import { useCall } from '../api/use-call.ts';
import { browserOf } from '../design/browser-of.ts';
import { Fault, sentenceOf } from '../design/fault.tsx';
import { Sheet } from '../design/sheet.tsx';
import { EnterCode } from '../sign-in/enter-code.tsx';
import { when, texts } from '../texts/index.ts';
import { say } from './texts.ts';

type Shown = Schemas['ChallengeState'];

/** Where a service sends people for their second step; which one it is stands in the fragment, which no browser sends. */
export function HostedChallenge() {
  const challengeId = location.hash.slice(1);
  const [shown, setShown] = useState<Shown>();
  const [end, setEnd] = useState<string>();
  const { fault, call } = useCall();
  const load = () =>
    call(async () => {
      if (challengeId === '') return setEnd(say.alone);
      const params = { path: { challengeId } };
      try {
        const known = await ask(() => api.GET('/v1/challenges/{challengeId}', { params }));
        setShown(known);
        if (known.state !== 'open') setEnd(say.ended);
      } catch (error) {
        const sentence = error instanceof Refused ? ENDS[error.problem.code] : undefined;
        if (sentence === undefined) throw error;
        setEnd(sentence);
      }
    });
  useEffect(() => void load(), []);
  if (end !== undefined) return <End sentence={end} shown={shown} />;
  const preferred = shown?.preferred;
  if (!shown || !preferred)
    return (
      <Sheet title={texts.code.title}>
        {fault === undefined ? (
          <p role="status">{shown ? say.nothing : texts.common.loading}</p>
        ) : (
          <div className="stack">
            <Fault id="fault">{sentenceOf(fault)}</Fault>
            <button className="btn" type="button" onClick={() => void load()}>
              {texts.common.tryAgain}
            </button>
          </div>
        )}
      </Sheet>
    );
  return (
    <EnterCode
      asks={<Asks shown={shown} />}
      challenge={{ challengeId, methods: shown.methods, preferred, expiresAt: shown.expiresAt }}
      onOver={setEnd}
      onPassed={async (passed) => {
        if (!('redirectTo' in passed)) return setEnd(say.passed);
        return leaveFor(passed.redirectTo, 'replace');
      }}
    />
  );
}

const ENDS: Readonly<Record<string, string>> = {
  'not-found': say.alone,
  'challenge-expired': texts.code.expired,
  'challenge-closed': say.ended,
};

/** Who asks, from where, when and with what the sign-in was begun. */
function Asks({ shown: { service, startedAt, context } }: { readonly shown: Shown }) {
  const where = [context?.ip && say.from(context.ip), context && browserOf(context.userAgent)];
  return (
    <>
      <b>
        <bdi>{service}</bdi>
      </b>{' '}
      {say.asks(when(new Date(startedAt)), where.filter(Boolean).join(', '))}
    </>
  );
}

/** It is over: what happened, and the way back to where the person came from. */
function End({ sentence, shown }: { readonly sentence: string; readonly shown: Shown | undefined }) {
  const { returnTo, service } = shown ?? {};
  return (
    <Sheet title={texts.code.title}>
      <div className="stack l">
        <div className="sheet-title">
          <h1>{sentence === say.passed ? say.passedTitle : say.over}</h1>
          <p role="status">{sentence}</p>
        </div>
        {returnTo === undefined ? (
          history.length > 1 && (
            <div>
              <button className="btn" type="button" onClick={() => history.back()}>
                {say.back}
              </button>
            </div>
          )
        ) : (
          <a className="btn primary wide" href={returnTo}>
            {say.backTo(service ?? '')}
          </a>
        )}
      </div>
    </Sheet>
  );
}
