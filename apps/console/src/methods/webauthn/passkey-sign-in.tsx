import {
  browserSupportsWebAuthnAutofill,
  sendSignal,
  startAuthentication,
  WebAuthnAbortService,
} from '@simplewebauthn/browser';
import { Fingerprint } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { api, ask, Refused } from '../../api/client.ts';
import { byThisClock } from '../../api/server-clock.ts';
import { useCall } from '../../api/use-call.ts';
import { Fault } from '../../design/fault.tsx';
import { failureOf, isStopped, isSupported } from './failure.ts';
import { say } from './texts.ts';

type Options = Parameters<typeof startAuthentication>[0]['optionsJSON'];

/** So long before its challenge ends the list asks anew: who opens it then still has time to choose. */
const RENEWED_BEFORE_MS = 60_000;

interface Begun {
  readonly challengeId: string;
  readonly optionsJSON: Options;
  /** RFC 3339. */
  readonly expiresAt: string;
}

async function begin(domain: string): Promise<Begun> {
  const params = { path: { domain } };
  const { challengeId, options, expiresAt } = await ask(() =>
    api.POST('/v1/identity/domains/{domain}/passkey-challenges', { params }),
  );
  return { challengeId, optionsJSON: options as Options, expiresAt };
}

/** Both steps in one. */
async function signIn(domain: string, { challengeId, optionsJSON }: Begun, useBrowserAutofill: boolean) {
  const credential = await startAuthentication({ optionsJSON, useBrowserAutofill });
  const params = { path: { domain } };
  const body = { method: 'webauthn', challengeId, credential } as const;
  try {
    await ask(() =>
      api.POST('/v1/identity/domains/{domain}/passkey-sign-in', { params, body: body as never }),
    );
  } catch (error) {
    if (isUnknown(error)) await tellIsUnknown(optionsJSON.rpId!, credential.id);
    throw error;
  }
}

/** Nobody has this passkey here, or not any more; every other refusal may pass. */
const isUnknown = (error: unknown) => error instanceof Refused && error.problem.code === 'not-enrolled';

/** So that whoever keeps it offers it no more. */
async function tellIsUnknown(rpID: string, credentialID: string): Promise<void> {
  if (!('signalUnknownCredential' in PublicKeyCredential)) return;
  // a favour to whoever keeps it: what the person is told does not depend on it
  await sendSignal({ signalName: 'unknownCredential', rpID, credentialID }).catch(console.error); // eslint-disable-line no-console
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
  const [round, setRound] = useState(0);
  const isPressed = useRef(false);
  const byButton = () =>
    call(async () => {
      setOfList(undefined);
      isPressed.current = true;
      try {
        await signIn(domain, await begin(domain), false);
        await onDone();
      } finally {
        isPressed.current = false;
        setRound((n) => n + 1); // its dialog ended the list's
      }
    });
  useEffect(() => {
    let isLeft = false;
    let timer: ReturnType<typeof setTimeout>;
    const anew = () => {
      if (!isPressed.current) setRound((n) => n + 1);
    };
    const offer = async () => {
      if (!isSupported() || !(await browserSupportsWebAuthnAutofill()) || isLeft) return;
      const begun = await begin(domain).catch(() => undefined); // nobody asked for it, and the button says what is wrong
      if (!begun || isLeft || isPressed.current) return; // it would end the button's dialog
      const left = byThisClock(begun.expiresAt) - Date.now() - RENEWED_BEFORE_MS;
      timer = setTimeout(anew, Math.max(RENEWED_BEFORE_MS, left));
      try {
        await signIn(domain, begun, true);
        if (!isLeft) await onDone();
      } catch (error) {
        if (isLeft || isStopped(error)) return; // the button was pressed, or the page was left
        setOfList(error);
        anew();
      }
    };
    void offer();
    return () => {
      isLeft = true;
      clearTimeout(timer);
      if (!isPressed.current) WebAuthnAbortService.cancelCeremony();
    };
  }, [domain, round]);
  if (!isSupported()) return null;
  const fault = ofButton ?? ofList;
  return (
    <>
      {fault !== undefined && (
        <Fault id="passkey-fault">{isUnknown(fault) ? say.failures.unknown : failureOf(fault)}</Fault>
      )}
      <button className="btn wide" type="button" aria-disabled={busy} onClick={() => void byButton()}>
        <Fingerprint className="icon icon-s" aria-hidden="true" />
        {say.passkey}
      </button>
    </>
  );
}
