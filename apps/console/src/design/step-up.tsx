import { useEffect, useState } from 'react';
import { api, ask, Refused } from '../api/client.ts';
import { leaveToSignIn } from '../api/leave.ts';
import { onStepUp } from '../api/step-up.ts';
import { useCall } from '../api/use-call.ts';
import { AnswerChallenge } from '../methods/answer-challenge.tsx';
import type { Challenge } from '../methods/challenge.ts';
import type { Session } from '../signed-in.tsx';
import { spoken } from '../texts/spoken.ts';
import { texts } from '../texts/index.ts';
import { Act, Dialog } from './dialog.tsx';
import { sentenceOf } from './fault.tsx';
import { PasswordField } from './field.tsx';
import { typed } from './typed.ts';

const say = spoken({
  en: {
    title: 'Show that it is you',
    lead: 'For this you show who you are anew. What you chose is done right after it.',
    wrong: 'This is not your password. Check it, and try again.',
  },
  nl: {
    title: 'Laat zien dat u het bent',
    lead: 'Hiervoor laat u opnieuw zien wie u bent. Wat u koos, gebeurt meteen daarna.',
    wrong: 'Dit is uw wachtwoord niet. Kijk het na en probeer het opnieuw.',
  },
});

interface Asked {
  readonly missing: readonly string[];
  readonly resolve: () => void;
  readonly reject: (error: Refused) => void;
}

/** Asks for the password and the second step where a call takes a fresher proof; the call then goes on by itself. */
export function StepUp({
  session: { domain, userId, password: hasPassword },
}: {
  readonly session: Session;
}) {
  const [asked, setAsked] = useState<Asked>();
  const [challenge, setChallenge] = useState<Challenge>();
  const { busy, fault, call, clear } = useCall();
  const end = (how: (asked: Asked) => void) => {
    if (asked) how(asked);
    setAsked(undefined);
    setChallenge(undefined);
    clear();
  };
  const openChallenge = async () => {
    const body = { userId, purpose: 're-authentication' } as const;
    const opened = await ask(() =>
      api.POST('/v1/domains/{domain}/challenges', { params: { path: { domain } }, body }),
    );
    if (opened.decision !== 'challenge') return leaveToSignIn('again');
    return setChallenge(opened);
  };
  useEffect(() => {
    // who signs in through a provider has no password here
    if (!hasPassword) return undefined;
    onStepUp(
      (missing) =>
        new Promise<void>((resolve, reject) => {
          setAsked({ missing, resolve, reject });
          if (!missing.includes('password')) void call(openChallenge);
        }),
    );
    return () => onStepUp(undefined);
  }, []);
  const confirm = (form: HTMLFormElement) =>
    call(async () => {
      const password = typed(form, 'password');
      await ask(() => api.POST('/v1/identity/confirm-password', { body: { password } }));
      if (asked?.missing.includes('second-step')) return openChallenge();
      return end(({ resolve }) => resolve());
    });
  const wrong = fault instanceof Refused && fault.problem.code === 'sign-in-refused';
  const leave = () => end(({ reject }) => reject(new Refused({ code: 'step-up-required' })));
  if (challenge)
    return (
      <Dialog open={asked !== undefined} title={say.title} cancel={texts.common.cancel} onClose={leave}>
        <AnswerChallenge
          challenge={challenge}
          onOver={leave}
          onPassed={async (passed) => {
            if (!('result' in passed)) return leave();
            await ask(() => api.POST('/v1/identity/sessions', { body: { result: passed.result } }));
            return end(({ resolve }) => resolve());
          }}
        />
      </Dialog>
    );
  return (
    <Dialog
      open={asked !== undefined}
      title={say.title}
      lead={say.lead}
      cancel={texts.common.cancel}
      act={<Act busy={busy}>{texts.common.continue}</Act>}
      onSubmit={(form) => void confirm(form)}
      onClose={leave}
    >
      <PasswordField
        name="password"
        label={texts.signIn.password}
        fault={fault === undefined ? undefined : wrong ? say.wrong : sentenceOf(fault)}
      />
    </Dialog>
  );
}
