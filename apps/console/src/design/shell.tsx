import { LogOut, Menu } from 'lucide-react';
import { Suspense, useEffect, useRef, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { api, ask } from '../api/client.ts';
import { leaveToSignIn } from '../api/leave.ts';
import { useCall } from '../api/use-call.ts';
import { isFor, OF_EVERYBODY, OF_ORGANISATION } from '../pages.ts';
import { sessionChanged, type Session } from '../signed-in.tsx';
import { texts } from '../texts/index.ts';
import { names } from '../texts/page-names.ts';
import { Broken } from './broken.tsx';
import { Fault, sentenceOf } from './fault.tsx';
import { Mark } from './mark.tsx';
import { Languages } from './sheet.tsx';
import { StepUp } from './step-up.tsx';
import { Toasts } from './toast.tsx';

/** Around every page of who is signed in: a side bar, below 60 rem a menu. */
export function Shell({ session, children }: { readonly session: Session; readonly children: ReactNode }) {
  const { common } = texts;
  const { userId, login, displayName, organisation } = session;
  useEffect(() => {
    document.body.className = 'console';
  }, []);
  const [place] = useLocation();
  const menu = useRef<HTMLDetailsElement>(null);
  const isFirst = useRef(true);
  useEffect(() => {
    menu.current?.removeAttribute('open');
    // read anew from page to page: whoever uses pages is not signed out as idle, and roles are those of now
    if (!isFirst.current) sessionChanged();
    isFirst.current = false;
  }, [place]);
  const { fault, call } = useCall();
  const signOut = () =>
    void call(async () => {
      await ask(() => api.DELETE('/v1/identity/sessions/current'));
      await leaveToSignIn('ended');
    });
  const out = (
    <button className="btn plain small" type="button" onClick={signOut}>
      <LogOut className="icon icon-s" aria-hidden="true" />
      {common.signOut}
    </button>
  );
  return (
    <>
      <a className="skip" href="#main">
        {common.skip}
      </a>
      <header className="top">
        <Link className="mark" href="/security">
          <Mark id="mark-top" />
        </Link>
        <details className="menu" ref={menu}>
          <summary>
            <Menu className="icon icon-s" aria-hidden="true" />
            {common.menu}
          </summary>
          <nav aria-label={common.menu}>
            <Places session={session} place={place} />
            {out}
            <Languages />
          </nav>
        </details>
      </header>
      <aside className="side" aria-label={common.account}>
        <div className="side-in">
          <Link className="mark" href="/security">
            <Mark id="mark-side" />
          </Link>
          <nav aria-label={common.menu}>
            <Places session={session} place={place} />
          </nav>
          <div className="me">
            <b>
              <bdi>{displayName ?? login ?? userId}</bdi>
            </b>
            <bdi>{organisation}</bdi>
            <div>{out}</div>
            <Languages />
          </div>
        </div>
      </aside>
      {fault !== undefined && <Fault id="sign-out">{sentenceOf(fault)}</Fault>}
      <Broken key={place}>
        <Suspense fallback={<main className="main" id="main" aria-busy="true" />}>{children}</Suspense>
      </Broken>
      <StepUp session={session} />
      <Toasts />
    </>
  );
}

function Places({ session, place }: { readonly session: Session; readonly place: string }) {
  const parts = [
    [session.organisation, OF_ORGANISATION],
    [names.you, OF_EVERYBODY],
  ] as const;
  return parts.map(([title, pages]) => {
    const shown = pages.filter((page) => page.name !== undefined && isFor(session, page));
    return (
      shown.length > 0 && (
        <div key={title}>
          <p className="nav-title">
            <bdi>{title}</bdi>
          </p>
          <ul className="nav">
            {shown.map(({ path, name, Icon }) => (
              <li key={path}>
                <Link
                  href={path}
                  aria-current={place === path || place.startsWith(`${path}/`) ? 'page' : undefined}
                >
                  {Icon && <Icon className="icon" aria-hidden="true" />}
                  {name}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      )
    );
  });
}
