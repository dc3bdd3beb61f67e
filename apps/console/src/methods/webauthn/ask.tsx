import { startAuthentication, WebAuthnAbortService } from '@simplewebauthn/browser';
import { useEffect, useState } from 'react';
import { api, ask } from '../../api/client.ts';
import { Fault } from '../../design/fault.tsx';
import type { AskProps } from '../method.ts';
import { failureOf, isStopped, isSupported } from './failure.ts';
import { say } from './texts.ts';

/** So soon nobody has cancelled anything: the browser wants a click first. */
const AT_ONCE_MS = 800;

type Options = Parameters<typeof startAuthentication>[0]['optionsJSON'];

/** Asks for the key by itself where the browser allows that, and by a button. */
export function AskWebauthn({ challengeId, name, fault, busy, onAnswer }: AskProps) {
  const [failure, setFailure] = useState<string>();
  const [isWaiting, setWaiting] = useState(false);
  const begin = async (isByItself: boolean) => {
    const since = Date.now();
    setFailure(undefined);
    setWaiting(true);
    try {
      const params = { path: { challengeId, method: 'webauthn' } };
      const optionsJSON = (await ask(() =>
        api.POST('/v1/challenges/{challengeId}/{method}-options', { params }),
      )) as Options;
      onAnswer({ credential: await startAuthentication({ optionsJSON }) });
    } catch (error) {
      const wantsClick = isByItself && isStopped(error) && Date.now() - since < AT_ONCE_MS;
      if (!wantsClick) setFailure(failureOf(error));
    } finally {
      setWaiting(false);
    }
  };
  useEffect(() => {
    if (isSupported()) void begin(true);
    else setFailure(say.failures.unsupported);
    return () => WebAuthnAbortService.cancelCeremony(); // another way was chosen
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
          onClick={() => !busy && !isWaiting && void begin(false)}
        >
          {isWaiting ? say.waiting : told === undefined ? say.use : say.again}
        </button>
      )}
    </div>
  );
}
