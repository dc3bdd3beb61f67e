/* The hosted page's own script, run by the browser. It asks Sparekey and nobody else, and on load only reads. */

interface Offer {
  readonly method: string;
  readonly factorId?: string;
  readonly name?: string;
  readonly lockedUntil?: string;
}

interface Shown {
  readonly state: string;
  readonly service: string;
  readonly startedAt: string;
  readonly context?: { readonly ip?: string; readonly userAgent?: string };
  readonly methods: readonly Offer[];
  readonly attemptsLeft: number;
  /** Where the person came from. */
  readonly returnTo?: string;
}

interface Problem {
  readonly code?: string;
  readonly attemptsLeft?: number;
  readonly retryAfter?: number;
}

const element = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
const challengeId = location.hash.slice(1);
const form = element<HTMLFormElement>('answer');
const code = element<HTMLInputElement>('code');
const choice = element<HTMLSelectElement>('method');
const message = element('message');
let offers: readonly Offer[] = [];
let isSending = false;
let returnTo: string | undefined;
let service = '';

const NAMES: Record<string, string> = {
  totp: 'Authenticator app',
  'recovery-code': 'Recovery code',
};
const HINTS: Record<string, string> = {
  totp: 'The digits that the app shows now.',
  'recovery-code': 'One that you saved, with its number: it works once.',
};
const ENDED: Record<string, string> = {
  'not-found': 'This page was opened without its sign-in. Go back to where you were signing in.',
  'challenge-expired': 'This took too long. Go back and sign in again.',
  'challenge-closed': 'This sign-in has ended. Go back and sign in again.',
};

const ask = (path: string, init?: RequestInit) =>
  fetch(`/v1/challenges/${encodeURIComponent(challengeId)}${path}`, { ...init, credentials: 'omit' });

/** Of the whole page. */
function say(text: string): void {
  message.textContent = text;
}

/** At the field, where who reads the page by ear finds it. */
function complain(text: string): void {
  element('error').textContent = text;
  code.setAttribute('aria-invalid', String(text !== ''));
  if (text !== '') code.focus();
}

function end(text: string): void {
  form.hidden = true;
  element('cancel').hidden = true;
  say(text);
  const link = element<HTMLAnchorElement>('return');
  if (returnTo) link.href = returnTo;
  else link.addEventListener('click', (event) => (event.preventDefault(), history.back()));
  if (returnTo) link.textContent = `Go back to ${service}`;
  element('back').hidden = !returnTo && history.length < 2;
}

const inWords = (seconds: number) =>
  seconds < 90 ? `${Math.ceil(seconds)} seconds` : `${Math.ceil(seconds / 60)} minutes`;

/** What the chosen way needs; whoever walks through the list by keyboard stays in it. */
function choose(): void {
  const { method = '', lockedUntil } = offers[choice.selectedIndex] ?? {};
  element('hint').textContent = HINTS[method] ?? '';
  code.inputMode = method === 'totp' ? 'numeric' : 'text';
  code.autocomplete = method === 'totp' ? 'one-time-code' : 'off';
  const wait = lockedUntil === undefined ? 0 : (Date.parse(lockedUntil) - Date.now()) / 1_000;
  complain('');
  say(wait > 0 ? `Too many attempts: this way opens again in ${inWords(wait)}.` : '');
  code.value = '';
}

async function begin(): Promise<void> {
  const response = await ask('');
  const shown = (await response.json()) as Shown & Problem;
  ({ returnTo, service = '' } = shown);
  if (!response.ok && !(shown.code && ENDED[shown.code])) throw new Error(String(response.status));
  if (!response.ok || shown.state !== 'open') {
    end(ENDED[shown.code ?? 'challenge-closed']!);
    return;
  }
  offers = shown.methods;
  const when = new Date(shown.startedAt).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  const where = shown.context?.ip === undefined ? '' : ` from ${shown.context.ip}`;
  element('who').textContent = `${service} asks for a second step. You began to sign in at ${when}${where}.`;
  choice.replaceChildren(
    ...offers.map(
      ({ method, name }) => new Option([NAMES[method] ?? method, name].filter(Boolean).join(' · ')),
    ),
  );
  element('other').hidden = offers.length < 2;
  form.hidden = false;
  element('cancel').hidden = false;
  choose();
  code.focus();
}

async function answer(): Promise<void> {
  const { method, factorId } = offers[choice.selectedIndex]!;
  const body = JSON.stringify({ method, ...(factorId && { factorId }), code: code.value });
  const headers = { 'content-type': 'application/json' };
  const response = await ask('/answers', { method: 'POST', headers, body });
  const said = (await response.json()) as Problem & { redirectTo?: string };
  if (response.ok && said.redirectTo) {
    returnTo = said.redirectTo;
    end('Right. Taking you back…');
    location.replace(said.redirectTo);
    return;
  }
  if (response.ok) return end('This was right. Go back to where you were signing in.');
  refused(said);
}

/** What is not known here is no verdict: the form stays, and the code can be sent again. */
function refused({ code: problem = '', attemptsLeft, retryAfter }: Problem): void {
  if (problem === 'code-rejected' && attemptsLeft) {
    complain(`That code was not accepted. ${attemptsLeft} ${attemptsLeft === 1 ? 'try' : 'tries'} left.`);
    code.select();
  } else if (problem === 'code-rejected') end('That was the last try. Go back and sign in again.');
  else if (problem === 'validation-failed') complain('That is no code of this kind. It cost you no try.');
  else if (problem === 'locked')
    say(
      `Too many attempts. ${retryAfter === undefined ? 'Choose another way.' : `Try again in ${inWords(retryAfter)}.`}`,
    );
  else if (ENDED[problem]) end(ENDED[problem]);
  else
    say(
      `Sparekey is busy just now. Try again${retryAfter === undefined ? '' : ` in ${inWords(retryAfter)}`}.`,
    );
}

const failed = () => say('Sparekey is not reached. Check your connection and try again.');
form.addEventListener('submit', (event) => {
  event.preventDefault();
  if (isSending) return; // pressed twice, sent once
  if (code.value.trim() === '') return complain('Type the code first.');
  complain('');
  say('');
  isSending = true;
  answer()
    .catch(failed)
    .finally(() => (isSending = false));
});
choice.addEventListener('change', choose);
async function cancel(): Promise<void> {
  const response = await ask('/cancel', { method: 'POST' });
  if (response.ok)
    return end('Thank you. This sign-in was ended. If it was not you, change your password there.');
  refused((await response.json()) as Problem);
}

element('cancel').addEventListener('click', () => void cancel().catch(failed));
begin().catch(() => {
  element('who').textContent = '';
  const again = element<HTMLAnchorElement>('return');
  again.textContent = 'Try again';
  again.addEventListener('click', (event) => (event.preventDefault(), location.reload()));
  element('back').hidden = false;
  failed();
});
