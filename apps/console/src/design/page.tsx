import { useEffect, useRef, type ReactNode } from 'react';
import { useTitle } from './sheet.tsx';

/** The browser itself begins where a page begins; after that a link leads from one of ours to another. */
let isFirst = true;

/** What stands in the shell: a title, what it is about, and what can be done with all of it. */
export function Page({
  title,
  lead,
  crumb,
  actions,
  wide = false,
  children,
}: {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly crumb?: ReactNode;
  readonly actions?: ReactNode;
  /** For tables. */
  readonly wide?: boolean;
  readonly children: ReactNode;
}) {
  useTitle(title);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!isFirst) {
      heading.current?.focus({ preventScroll: true }); // what had the focus is gone
      scrollTo(0, 0);
    }
    isFirst = false;
  }, []);
  return (
    <main className={wide ? 'main wide-page' : 'main'} id="main" tabIndex={-1}>
      <header className="page-head">
        {crumb}
        <div className="line">
          <h1 ref={heading} tabIndex={-1}>
            <bdi>{title}</bdi>
          </h1>
          {actions !== undefined && <div className="actions">{actions}</div>}
        </div>
        {lead !== undefined && <p>{lead}</p>}
      </header>
      {children}
    </main>
  );
}
