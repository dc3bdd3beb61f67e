import { createRoot } from 'react-dom/client';
import '../design/tokens.css';
import '../design/design.css';
import { HostedChallenge } from '../hosted/hosted-challenge.tsx';
import { Notice } from '../hosted/notice.tsx';
import { language } from '../texts/index.ts';
import { SignIn } from './sign-in.tsx';

/** What stands behind each path; signing in behind every other one. */
const PAGES: Readonly<Record<string, () => React.JSX.Element>> = {
  '/challenge': HostedChallenge,
  '/notice': Notice,
};
const Page = PAGES[location.pathname] ?? SignIn;

document.documentElement.lang = language;
createRoot(document.getElementById('page')!).render(<Page />);
