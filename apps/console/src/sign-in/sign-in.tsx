import { useState } from 'react';
import { api, ask } from '../api/client.ts';
import { leaveFor, placeToReturnTo } from '../api/leave.ts';
import type { Challenge } from '../methods/answer-challenge.tsx';
import { texts } from '../texts/index.ts';
import { EnterCode } from './enter-code.tsx';
import { EnterPassword } from './enter-password.tsx';

/** Of which organisation: as the address says, else as the last sign-in in this browser had it. */
const KEPT = 'sparekey-domain';
const ofAddress = /^\/sign-in\/([^/]+)$/.exec(location.pathname)?.[1]?.toLowerCase();

/** The password, then the second step where one is asked for, then the page of who is signed in. */
export function SignIn() {
  const [domain, setDomain] = useState(ofAddress ?? localStorage.getItem(KEPT) ?? undefined);
  const [challenge, setChallenge] = useState<Challenge>();
  const [said, setSaid] = useState<string | undefined>(sentAwayBecause());
  if (challenge)
    return (
      <EnterCode
        organisation={domain}
        asks={texts.code.asks(domain!)}
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
      said={said}
      onOther={
        ofAddress === undefined && domain !== undefined
          ? () => {
              localStorage.removeItem(KEPT);
              setDomain(undefined);
            }
          : undefined
      }
      onDone={async (next, signedInto) => {
        localStorage.setItem(KEPT, signedInto);
        setDomain(signedInto);
        if (next.decision === 'challenge') setChallenge(next.challenge);
        else await leaveFor(next.decision === 'enroll' ? '/set-up' : placeToReturnTo());
      }}
    />
  );
}

/** Another page sent the person here, and says why in the fragment: one of these words. */
const sentAwayBecause = (): 'ended' | 'again' | undefined =>
  (['ended', 'again'] as const).find((word) => location.hash === `#${word}`);
