import { useEffect, useState, type ReactNode } from 'react';
import { api, ask, type Schemas } from './api/client.ts';
import { rememberDomain } from './api/leave.ts';
import { useCall } from './api/use-call.ts';
import { Fault, sentenceOf } from './design/fault.tsx';
import { Sheet } from './design/sheet.tsx';
import { texts } from './texts/index.ts';

export type Session = Schemas['CurrentSession'];

export interface PageProps {
  readonly session: Session;
  /** What the path names, such as the user of `/people/:user`. */
  readonly params: Readonly<Record<string, string>>;
}

let reload: (() => Promise<void>) | undefined;

/** Reads anew who is signed in, after something of it was changed. */
export const sessionChanged = (): void => void reload?.();

/** Pages for who is signed in; everybody else is sent to sign in ({@link ask}). */
export function SignedIn({ children }: { readonly children: (session: Session) => ReactNode }) {
  const [session, setSession] = useState<Session>();
  const { fault, call } = useCall();
  const load = () =>
    call(async () => {
      const current = await ask(() => api.GET('/v1/identity/sessions/current'));
      rememberDomain(current.domain); // whichever way they signed in
      setSession(current);
    });
  useEffect(() => {
    void load();
    reload = load;
  }, []);
  if (session) return children(session);
  if (fault === undefined) return null;
  return (
    <Sheet title={texts.security.title}>
      <div className="stack">
        <Fault id="fault">{sentenceOf(fault)}</Fault>
        <button className="btn" type="button" onClick={() => void load()}>
          {texts.common.tryAgain}
        </button>
      </div>
    </Sheet>
  );
}
