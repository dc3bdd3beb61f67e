import { useQuery } from '@tanstack/react-query';
import { LogOut } from 'lucide-react';
import { useEffect } from 'react';
import { api, ask, Refused } from '../api/client.ts';
import { useCall } from '../api/use-call.ts';
import { sentenceOf } from '../design/fault.tsx';
import { PasswordField, Submit } from '../design/field.tsx';
import { Loaded } from '../design/loaded.tsx';
import { Mark } from '../design/mark.tsx';
import { Languages, Sheet } from '../design/sheet.tsx';
import { Toasts } from '../design/toast.tsx';
import { typed } from '../design/typed.ts';
import { HealthPage } from './health-page.tsx';
import { say } from './texts.ts';

/** For who runs the installation: the token first, then its health. */
export default function Operation() {
  const session = useQuery({
    queryKey: ['operator'],
    queryFn: () => ask(() => api.GET('/v1/operator/sessions/current')),
  });
  const isStranger = session.error instanceof Refused && session.error.problem.code === 'unauthenticated';
  if (isStranger) return <ShowToken onDone={() => void session.refetch()} />;
  return <Loaded of={session}>{() => <Inside onLeft={() => void session.refetch()} />}</Loaded>;
}

/** The token is sent once, in a body, and kept nowhere. */
function ShowToken({ onDone }: { readonly onDone: () => void }) {
  const { busy, fault, call } = useCall();
  const wrong = fault instanceof Refused && fault.problem.code === 'sign-in-refused';
  return (
    <Sheet title={say.enter}>
      <form
        className="stack l"
        onSubmit={(event) => {
          event.preventDefault();
          const token = typed(event.currentTarget, 'token').trim();
          void call(async () => {
            await ask(() => api.POST('/v1/operator/sessions', { body: { token } }));
            onDone();
          });
        }}
      >
        <div className="sheet-title">
          <h1>{say.enter}</h1>
          <p>{say.enterLead}</p>
        </div>
        <PasswordField
          name="token"
          label={say.token}
          autoComplete="off"
          fault={fault === undefined ? undefined : wrong ? say.wrong : sentenceOf(fault)}
        />
        <Submit busy={busy}>{say.open}</Submit>
      </form>
    </Sheet>
  );
}

function Inside({ onLeft }: { readonly onLeft: () => void }) {
  useEffect(() => {
    document.body.className = 'console';
  }, []);
  const { call } = useCall();
  const leave = () =>
    void call(async () => {
      await ask(() => api.DELETE('/v1/operator/sessions/current'));
      onLeft();
    });
  return (
    <>
      <header className="top">
        <a className="mark" href="/operator">
          <Mark id="mark-top" />
        </a>
      </header>
      <aside className="side" aria-label={say.enter}>
        <div className="side-in">
          <a className="mark" href="/operator">
            <Mark id="mark-side" />
          </a>
          <div className="me">
            <b>{say.enter}</b>
            <div>
              <button className="btn plain small" type="button" onClick={leave}>
                <LogOut className="icon icon-s" aria-hidden="true" />
                {say.leave}
              </button>
            </div>
            <Languages />
          </div>
        </div>
      </aside>
      <HealthPage onLeave={leave} />
      <Toasts />
    </>
  );
}
