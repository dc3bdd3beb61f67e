import { startAuthentication, WebAuthnAbortService } from '@simplewebauthn/browser';
import { useEffect, useState } from 'react';
import { api, ask, Refused } from '../../api/client.ts';
import { Fault } from '../../design/fault.tsx';
import { texts } from '../../texts/index.ts';
import type { AskProps } from '../method.ts';
import { failureOf, isStopped, isSupported } from './failure.ts';
import { say } from './texts.ts';

/** So soon nobody has cancelled anything: the browser wants a click first. */
const AT_ONCE_MS = 800;

type Options = Parameters<typeof startAuthentication>[0]['optionsJSON'];

/** Asks for the key by itself where the browser allows that, and by a button. */
export function AskWebauthn({ challengeId, name, fault, busy, onAnswer, onOver }: AskProps) {
  const [failure, setFailure] = useState<string>();
  const [isWaiting, setWaiting] = useState(false);
  /** @param isLeft whether another way was chosen meanwhile @param isByItself nobody has clicked for it */
  const begin = async (isLeft: () => boolean, isByItself: boolean) => {
    let since = Infinity;
    setFailure(undefined);
    setWaiting(true);
    try {
      const params = { path: { challengeId, method: 'webauthn' } };
      const optionsJSON = (await ask(() =>
        api.POST('/v1/challenges/{challengeId}/{method}-options', { params }),
      )) as Options;
      if (isLeft()) return;
      since = Date.now();
      const credential = await startAuthentication({ optionsJSON });
      if (!isLeft()) onAnswer({ credential });
    } catch (error) {
      if (isLeft()) return;
      const over = error instanceof Refused ? OVER[error.problem.code] : undefined;
      if (over !== undefined) return onOver(over);
      const wantsClick = isByItself && isStopped(error) && Date.now() - since < AT_ONCE_MS;
      if (!wantsClick) setFailure(failureOf(error));
    } finally {
      setWaiting(false);
    }
  };
  useEffect(() => {
    let isLeft = false;
    if (isSupported()) void begin(() => isLeft, true);
    else setFailure(say.failures.unsupported);
    return () => {
      isLeft = true;
      WebAuthnAbortService.cancelCeremony();
    };
  }, []);
  const told = failure ?? fault;
  return (
    <div className="stack">
      <p>{say.ask(name)}</p>
      {told !== undefined && <Fault id="key-fault">{told}</Fault>}
      {isSupported() && (
        <button
          className="btn primary wide"
          type="button"
          aria-disabled={busy || isWaiting}
          onClick={() => !busy && !isWaiting && void begin(() => false, false)}
        >
          {isWaiting ? say.waiting : told === undefined ? say.use : say.again}
        </button>
      )}
    </div>
  );
}

/** Nothing can be asked for any more. */
const OVER: Readonly<Record<string, string>> = {
  'challenge-expired': texts.code.expired,
  'challenge-closed': texts.code.closed,
  'not-enrolled': texts.code.closed,
};
