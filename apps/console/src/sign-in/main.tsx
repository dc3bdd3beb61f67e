import { createRoot } from 'react-dom/client';
import '../design/tokens.css';
import '../design/design.css';
import { language } from '../texts/index.ts';
import { SignIn } from './sign-in.tsx';

document.documentElement.lang = language;
createRoot(document.getElementById('page')!).render(<SignIn />);
