import { useEffect, useState } from 'react';
import { api, ask, type Schemas } from '../api/client.ts';
import { forgetDomain, leaveFor, placeToReturnTo, rememberDomain, rememberedDomain } from '../api/leave.ts';
import { useCall } from '../api/use-call.ts';
import type { Challenge } from '../methods/challenge.ts';
import { texts } from '../texts/index.ts';
import { EnterCode } from './enter-code.tsx';
import { EnterPassword } from './enter-password.tsx';

/** Of which organisation: as the address says, else as the last sign-in in this browser had it. */
const ofAddress = /^\/sign-in\/([^/]+)$/.exec(location.pathname)?.[1]?.toLowerCase();

/** Another page sent the person here, or the provider of their organisation; the fragment says why, or how it goes on. */
const came = location.hash.slice(1);

/** The password or the organisation's provider, the second step where one is asked for, then the page of who is signed in. */
export function SignIn() {
  const { signIn } = texts;
  const [domain, setDomain] = useState(ofAddress ?? rememberedDomain());
  /** One that is typed, and not taken for granted yet. */
  const [typedDomain, setTyped] = useState<string>();
  const [options, setOptions] = useState<Schemas['SignInOptions']>();
  const [challenge, setChallenge] = useState<Challenge>();
  const [said, setSaid] = useState<string | undefined>(
    { ended: signIn.ended, again: signIn.again, off: signIn.off, 'provider-refused': signIn.providerRefused }[
      came
    ],
  );
  const { call } = useCall();
  useEffect(() => {
    setOptions(undefined);
    const of = domain ?? typedDomain;
    if (of === undefined || !/^[a-z0-9][a-z0-9-]{0,62}$/.test(of)) return;
    const params = { path: { domain: of } };
    // without it the page does its work by the short name alone
    void call(async () => setOptions(await ask(() => api.GET('/v1/identity/domains/{domain}', { params }))));
  }, [domain, typedDomain]);
  useEffect(() => {
    if (came === 'signed-in') void leaveFor(placeToReturnTo(), 'replace');
    if (came.startsWith('skc_'))
      void readChallenge(came).then(setChallenge, () => setSaid(texts.code.closed));
  }, []);
  const organisation = options?.domain === domain ? options?.organisation : undefined;
  if (challenge)
    return (
      <EnterCode
        organisation={organisation ?? domain}
        asks={texts.code.asks(organisation ?? domain ?? '')}
        challenge={challenge}
        onOver={(sentence) => {
          setSaid(sentence);
          setChallenge(undefined);
        }}
        onPassed={async (passed) => {
          if (!('result' in passed)) return;
          await ask(() => api.POST('/v1/identity/sessions', { body: { result: passed.result } }));
          await leaveFor(placeToReturnTo());
        }}
      />
    );
  return (
    <EnterPassword
      domain={domain}
      organisation={organisation ?? domain}
      providers={options?.providers.map(({ provider }) => ({ provider, domain: options.domain })) ?? []}
      passkeysOf={options?.passkey ? options.domain : undefined}
      onSignedIn={async (signedInto) => {
        rememberDomain(signedInto);
        await leaveFor(placeToReturnTo());
      }}
      onOrganisation={setTyped}
      said={said}
      onOther={
        ofAddress === undefined && domain !== undefined
          ? () => {
              forgetDomain();
              setDomain(undefined);
            }
          : undefined
      }
      onDone={async (next, signedInto) => {
        rememberDomain(signedInto);
        setDomain(signedInto);
        if (next.decision === 'challenge') setChallenge(next.challenge);
        else await leaveFor(next.decision === 'enroll' ? '/set-up' : placeToReturnTo());
      }}
    />
  );
}

/** A second step after the provider's first. */
async function readChallenge(challengeId: string): Promise<Challenge> {
  const params = { path: { challengeId } };
  const { methods, preferred, expiresAt } = await ask(() =>
    api.GET('/v1/challenges/{challengeId}', { params }),
  );
  if (!preferred) throw new Error('it is over');
  return { challengeId, methods, preferred, expiresAt };
}
