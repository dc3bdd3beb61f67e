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

function say(text: string): void {
  message.textContent = text;
}

function end(text: string): void {
  form.hidden = true;
  element('cancel').hidden = true;
  say(text);
}

const inWords = (seconds: number) =>
  seconds < 90 ? `${Math.ceil(seconds)} seconds` : `${Math.ceil(seconds / 60)} minutes`;

function choose(): void {
  const { method = '', lockedUntil } = offers[choice.selectedIndex] ?? {};
  element('hint').textContent = HINTS[method] ?? '';
  code.inputMode = method === 'totp' ? 'numeric' : 'text';
  code.autocomplete = method === 'totp' ? 'one-time-code' : 'off';
  const wait = lockedUntil === undefined ? 0 : (Date.parse(lockedUntil) - Date.now()) / 1_000;
  say(wait > 0 ? `Too many attempts: this way opens again in ${inWords(wait)}.` : '');
  code.value = '';
  code.focus();
}

async function begin(): Promise<void> {
  const response = await ask('');
  const shown = (await response.json()) as Shown & Problem;
  if (!response.ok || shown.state !== 'open') {
    end(ENDED[shown.code ?? 'challenge-closed'] ?? 'This sign-in cannot go on. Go back and sign in again.');
    return;
  }
  offers = shown.methods;
  const when = new Date(shown.startedAt).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  const where = shown.context?.ip === undefined ? '' : ` from ${shown.context.ip}`;
  element('who').textContent =
    `${shown.service} asks for a second step. You began to sign in at ${when}${where}.`;
  choice.replaceChildren(
    ...offers.map(
      ({ method, name }) => new Option([NAMES[method] ?? method, name].filter(Boolean).join(' · ')),
    ),
  );
  element('other').hidden = offers.length < 2;
  form.hidden = false;
  element('cancel').hidden = false;
  choose();
}

async function answer(): Promise<void> {
  const { method, factorId } = offers[choice.selectedIndex]!;
  const body = JSON.stringify({ method, ...(factorId && { factorId }), code: code.value });
  const headers = { 'content-type': 'application/json' };
  const response = await ask('/answers', { method: 'POST', headers, body });
  const said = (await response.json()) as Problem & { redirectTo?: string };
  if (response.ok && said.redirectTo) {
    say('Right. Taking you back…');
    location.replace(said.redirectTo);
    return;
  }
  if (response.ok) return end('This was right. Go back to where you were signing in.');
  if (said.code === 'code-rejected' && said.attemptsLeft) {
    say(
      `That code was not accepted. ${said.attemptsLeft} ${said.attemptsLeft === 1 ? 'try' : 'tries'} left.`,
    );
    code.select();
  } else if (said.code === 'locked') {
    const wait =
      said.retryAfter === undefined ? 'Choose another way.' : `Try again in ${inWords(said.retryAfter)}.`;
    say(`Too many attempts. ${wait}`);
  } else end(ENDED[said.code ?? ''] ?? 'That was the last try. Go back and sign in again.');
}

const failed = () => say('Sparekey is not reached. Check your connection and try again.');
form.addEventListener('submit', (event) => {
  event.preventDefault();
  answer().catch(failed);
});
choice.addEventListener('change', choose);
element('cancel').addEventListener('click', () => {
  ask('/cancel', { method: 'POST' })
    .then(() => end('Thank you. This sign-in was ended. If it was not you, change your password there.'))
    .catch(failed);
});
begin().catch(failed);
