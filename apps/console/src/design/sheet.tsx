import { useEffect, type ReactNode } from 'react';
import { chooseLanguage, language, LANGUAGES, type Language } from '../texts/index.ts';
import { Mark } from './mark.tsx';

/** One decision a page: everything at sign-in and in a set-up stands on a sheet. */
export function Sheet({
  title,
  organisation,
  wider = false,
  hasLanguages = true,
  children,
}: {
  readonly title: string;
  readonly organisation?: string | undefined;
  readonly wider?: boolean;
  /** Not where loading the page again would lose what it shows once. */
  readonly hasLanguages?: boolean;
  readonly children: ReactNode;
}) {
  useTitle(title);
  useEffect(() => {
    document.body.className = 'at-sign-in';
  }, []);
  return (
    <>
      <main className={wider ? 'sheet wider' : 'sheet'}>
        <header>
          <span className="mark">
            <Mark id="mark" />
          </span>
          {organisation !== undefined && <bdi className="hint">{organisation}</bdi>}
        </header>
        {children}
      </main>
      <footer className="page-foot">{hasLanguages && <Languages />}</footer>
    </>
  );
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Sparekey`;
  }, [title]);
}

/** The other languages, each by its own name. */
export const Languages = () => (
  <>
    {(Object.keys(LANGUAGES) as Language[])
      .filter((name) => name !== language)
      .map((name) => (
        <button key={name} className="link" type="button" lang={name} onClick={() => chooseLanguage(name)}>
          {LANGUAGES[name].language}
        </button>
      ))}
  </>
);
