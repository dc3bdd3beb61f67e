import { useState } from 'react';
import { api, ask } from '../api/client.ts';
import { leaveToSignIn } from '../api/leave.ts';
import { useCall } from '../api/use-call.ts';
import { Act, Dialog } from '../design/dialog.tsx';
import { Fault, sentenceOf } from '../design/fault.tsx';
import type { Session } from '../signed-in.tsx';
import { spoken } from '../texts/spoken.ts';

const say = spoken({
  en: {
    title: 'Turn off',
    text: 'Without two-step verification, whoever learns your password can sign in as you.',
    button: 'Turn off two-step verification',
    question: 'Turn off two-step verification?',
    consequence:
      'From then on your password alone signs you in. Your recovery codes stop working, and you connect your app again if you turn it back on. You are signed out everywhere, and told by mail.',
    keep: 'Keep it on',
    act: 'Turn it off',
  },
  nl: {
    title: 'Uitzetten',
    text: 'Zonder aanmelden in twee stappen kan wie uw wachtwoord kent zich als u aanmelden.',
    button: 'Aanmelden in twee stappen uitzetten',
    question: 'Aanmelden in twee stappen uitzetten?',
    consequence:
      'Vanaf dan meldt u zich met uw wachtwoord alleen aan. Uw herstelcodes werken niet meer, en u koppelt uw app opnieuw als u het weer aanzet. U wordt overal afgemeld en krijgt er een mail over.',
    keep: 'Aan laten',
    act: 'Uitzetten',
  },
});

/** At the page's end: nobody comes by it on the way to something else. Not where the policy requires it: it would be on again at once. */
export function TurnOff({ session: { domain, userId } }: { readonly session: Session }) {
  const [isAsking, setAsking] = useState(false);
  const { busy, fault, call, clear } = useCall();
  const turnOff = () =>
    void call(async () => {
      const params = { path: { domain, user: userId } };
      await ask(() => api.POST('/v1/domains/{domain}/users/{user}/two-step/disable', { params }));
      await leaveToSignIn('off'); // every session has ended with it
    });
  return (
    <section className="section" aria-labelledby="turn-off">
      <div className="section-head">
        <h2 id="turn-off">{say.title}</h2>
        <p>{say.text}</p>
      </div>
      <div>
        <button
          className="btn small danger-line"
          type="button"
          onClick={() => {
            clear();
            setAsking(true);
          }}
        >
          {say.button}
        </button>
      </div>
      <Dialog
        open={isAsking}
        title={say.question}
        lead={say.consequence}
        cancel={say.keep}
        act={
          <Act danger busy={busy}>
            {say.act}
          </Act>
        }
        onSubmit={turnOff}
        onClose={() => {
          clear();
          setAsking(false);
        }}
      >
        {fault !== undefined && <Fault id="turn-off-fault">{sentenceOf(fault)}</Fault>}
      </Dialog>
    </section>
  );
}
