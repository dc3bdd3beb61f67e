import {
  browserSupportsWebAuthnAutofill,
  sendSignal,
  startAuthentication,
  WebAuthnAbortService,
} from '@simplewebauthn/browser';
import { Fingerprint } from 'lucide-react';
import { useEffect, useState } from 'react';
import { api, ask, Refused } from '../../api/client.ts';
import { byThisClock } from '../../api/server-clock.ts';
import { useCall } from '../../api/use-call.ts';
import { Fault } from '../../design/fault.tsx';
import { failureOf, isStopped, isSupported } from './failure.ts';
import { say } from './texts.ts';

type Options = Parameters<typeof startAuthentication>[0]['optionsJSON'];

/** So long before its challenge ends it is asked for anew: who opens the list then still has time to choose. */
const RENEWED_BEFORE_MS = 60_000;

async function open(domain: string) {
  const params = { path: { domain } };
  const { challengeId, options, expiresAt } = await ask(() =>
    api.POST('/v1/identity/domains/{domain}/passkey-challenges', { params }),
  );
  return { challengeId, optionsJSON: options as Options, expiresAt };
}

/** Both steps in one. A passkey that is not known here is reported to whoever keeps it, so that it is not offered again. */
async function signIn(domain: string, useBrowserAutofill: boolean, onOpened?: (expiresAt: string) => void) {
  const { challengeId, optionsJSON, expiresAt } = await open(domain);
  onOpened?.(expiresAt);
  const credential = await startAuthentication({ optionsJSON, useBrowserAutofill });
  const body = { method: 'webauthn', challengeId, credential } as const;
  try {
    await ask(() =>
      api.POST('/v1/identity/domains/{domain}/passkey-sign-in', {
        params: { path: { domain } },
        body: body as never,
      }),
    );
  } catch (error) {
    const isUnknown = error instanceof Refused && error.problem.code === 'code-rejected';
    if (isUnknown && 'signalUnknownCredential' in PublicKeyCredential)
      await sendSignal({
        signalName: 'unknownCredential',
        rpID: optionsJSON.rpId!,
        credentialID: credential.id,
      });
    throw error;
  }
}

/** By the button, and by the list of the browser in the field of the login. */
export function PasskeySignIn({
  domain,
  onDone,
}: {
  readonly domain: string;
  readonly onDone: () => Promise<void>;
}) {
  const { busy, fault: ofButton, call } = useCall();
  const [ofList, setOfList] = useState<unknown>();
  const fault = ofButton ?? ofList;
  const [renewed, setRenewed] = useState(0);
  const byButton = () =>
    call(async () => {
      await signIn(domain, false);
      await onDone();
    });
  useEffect(() => {
    let isOver = false;
    let timer: ReturnType<typeof setTimeout>;
    const renew = (expiresAt: string) => {
      const inTime = Math.max(RENEWED_BEFORE_MS, byThisClock(expiresAt) - Date.now() - RENEWED_BEFORE_MS);
      timer = setTimeout(() => setRenewed((n) => n + 1), inTime);
    };
    const wait = async () => {
      if (!isSupported() || !(await browserSupportsWebAuthnAutofill()) || isOver) return;
      try {
        await signIn(domain, true, renew);
      } catch (error) {
        if (!isStopped(error)) setOfList(error); // else the button was pressed, or the page was left
        return;
      }
      await onDone();
    };
    void wait();
    return () => {
      isOver = true;
      clearTimeout(timer);
      WebAuthnAbortService.cancelCeremony();
    };
  }, [domain, renewed]);
  if (!isSupported()) return null;
  return (
    <>
      {fault !== undefined && (
        <Fault id="passkey-fault">
          {fault instanceof Refused && fault.problem.code === 'code-rejected'
            ? say.failures.unknown
            : failureOf(fault)}
        </Fault>
      )}
      <button className="btn wide" type="button" aria-disabled={busy} onClick={() => void byButton()}>
        <Fingerprint className="icon icon-s" aria-hidden="true" />
        {say.passkey}
      </button>
    </>
  );
}
