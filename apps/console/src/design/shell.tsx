import { LogOut, Menu, ShieldCheck } from 'lucide-react';
import { useEffect, type ReactNode } from 'react';
import { api, ask } from '../api/client.ts';
import { leaveToSignIn } from '../api/leave.ts';
import { useCall } from '../api/use-call.ts';
import type { Session } from '../signed-in.tsx';
import { texts } from '../texts/index.ts';
import { Fault, sentenceOf } from './fault.tsx';
import { Mark } from './mark.tsx';
import { Languages, useTitle } from './sheet.tsx';

/** Around every page of who is signed in: a side bar, below 60 rem a menu. */
export function Shell({
  session,
  title,
  lead,
  children,
}: {
  readonly session: Session;
  readonly title: string;
  readonly lead: string;
  readonly children: ReactNode;
}) {
  const { common } = texts;
  const { userId, login = userId, organisation } = session;
  useTitle(title);
  useEffect(() => {
    document.body.className = 'console';
  }, []);
  const { fault, call } = useCall();
  const signOut = () =>
    void call(async () => {
      await ask(api.DELETE('/v1/identity/sessions/current'));
      await leaveToSignIn('ended');
    });
  const pages = (
    <>
      <p className="nav-title">{common.account}</p>
      <ul className="nav">
        <li>
          <a href="/security" aria-current="page">
            <ShieldCheck className="icon" aria-hidden="true" />
            {texts.security.title}
          </a>
        </li>
      </ul>
    </>
  );
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
        <a className="mark" href="/security">
          <Mark id="mark-top" />
        </a>
        <details className="menu">
          <summary>
            <Menu className="icon icon-s" aria-hidden="true" />
            {common.menu}
          </summary>
          <nav aria-label={common.menu}>
            {pages}
            {out}
            <Languages />
          </nav>
        </details>
      </header>
      <aside className="side" aria-label={common.account}>
        <div className="side-in">
          <a className="mark" href="/security">
            <Mark id="mark-side" />
          </a>
          <nav aria-label={common.menu}>{pages}</nav>
          <div className="me">
            <b>
              <bdi>{organisation}</bdi>
            </b>
            <bdi>{login}</bdi>
            <div>{out}</div>
            <Languages />
          </div>
        </div>
      </aside>
      <main className="main" id="main" tabIndex={-1}>
        <header className="page-head">
          <h1>{title}</h1>
          <p>{lead}</p>
        </header>
        {fault !== undefined && <Fault id="sign-out">{sentenceOf(fault)}</Fault>}
        {children}
      </main>
    </>
  );
}
