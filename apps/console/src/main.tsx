import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense, type ComponentType } from 'react';
import { createRoot } from 'react-dom/client';
import { Redirect, Route, Switch } from 'wouter';
import { Refused, requireSession } from './api/client.ts';
import { reloadOnce } from './api/reload.ts';
import './design/tokens.css';
import './design/design.css';
import './design/console.css';
import { Shell } from './design/shell.tsx';
import { isFor, OF_DEVELOPERS, OF_EVERYBODY, OF_ORGANISATION } from './pages.ts';
import { SetUpPage } from './set-up/set-up-page.tsx';
import { SignedIn, type Session } from './signed-in.tsx';
import { language } from './texts/index.ts';

const MAY_PASS = ['offline', 'busy', 'not-ready'];
const queries = new QueryClient({
  defaultOptions: {
    queries: {
      networkMode: 'always',
      staleTime: 5_000,
      refetchOnWindowFocus: false, // a look at others leaves an entry in the log
      retry: (failures, error) =>
        failures < 2 && error instanceof Refused && MAY_PASS.includes(error.problem.code),
    },
  },
});

function Pages({ session }: { readonly session: Session }) {
  const pages = [...OF_ORGANISATION, ...OF_EVERYBODY, ...OF_DEVELOPERS].filter((page) =>
    isFor(session, page),
  );
  return (
    <Switch>
      <Route path="/set-up">
        <SetUpPage session={session} />
      </Route>
      <Route>
        <Shell session={session}>
          <Switch>
            {pages.map(({ path, Page }) => (
              <Route key={path} path={path}>
                {(params) => <Page session={session} params={params as Record<string, string>} />}
              </Route>
            ))}
            <Route>
              <Redirect to="/security" replace />
            </Route>
          </Switch>
        </Shell>
      </Route>
    </Switch>
  );
}

/** Pages of nobody's account: the operator has another session and another way in, and the API is described to everybody. */
const APART: Readonly<Record<string, ComponentType>> = {
  '/operator': lazy(() => import('./operation/operation.tsx').catch(reloadOnce)),
  '/docs': lazy(() => import('./development/api-page.tsx').catch(reloadOnce)),
};
const Apart = APART[location.pathname];
if (!Apart) requireSession();
document.documentElement.lang = language;
createRoot(document.getElementById('page')!).render(
  <QueryClientProvider client={queries}>
    {Apart ? (
      <Suspense fallback={null}>
        <Apart />
      </Suspense>
    ) : (
      <SignedIn>{(session) => <Pages session={session} />}</SignedIn>
    )}
  </QueryClientProvider>,
);
