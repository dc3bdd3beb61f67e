import { createRoot } from 'react-dom/client';
import './design/tokens.css';
import './design/design.css';
import { SecurityPage } from './security/security-page.tsx';
import { SetUpPage } from './set-up/set-up-page.tsx';
import { SignedIn } from './signed-in.tsx';
import { language } from './texts/index.ts';

document.documentElement.lang = language;
createRoot(document.getElementById('page')!).render(
  <SignedIn>
    {(session) =>
      location.pathname === '/set-up' ? <SetUpPage session={session} /> : <SecurityPage session={session} />
    }
  </SignedIn>,
);
