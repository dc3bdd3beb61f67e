import { typed } from '../design/typed.ts';
import { spoken } from '../texts/spoken.ts';

const say = spoken({
  en: {
    cut: 'It goes on; only its beginning is shown.',
    redirected: 'The browser is sent elsewhere.',
  },
  nl: {
    cut: 'Het gaat door; alleen het begin staat hier.',
    redirected: 'De browser wordt doorgestuurd.',
  },
});

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly description?: string;
}
export interface Answer {
  readonly status: string;
  readonly body: string;
}

/** Whether this is JSON. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function addressOf(path: string, parameters: readonly Parameter[], form: HTMLFormElement): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(typed(form, name)));
  const given = parameters.filter((one) => one.in === 'query').map(({ name }) => [name, typed(form, name)]);
  const query = new URLSearchParams(given.filter(([, value]) => value !== ''));
  return query.size === 0 ? filled : `${filled}?${query.toString()}`;
}

/** What goes on for ever, such as the stream of the log, is read for so long. */
const PATIENCE_MS = 5_000;

/** Sends what the form holds. @throws whatever the browser throws where nobody answers */
export async function sendCall(
  method: string,
  path: string,
  {
    parameters,
    form,
    body,
    token,
  }: {
    readonly parameters: readonly Parameter[];
    readonly form: HTMLFormElement;
    readonly body: string | undefined;
    readonly token: string;
  },
): Promise<Answer> {
  const given = parameters.filter((one) => one.in === 'header' && one.required);
  const headers = {
    ...Object.fromEntries(given.map(({ name }) => [name, typed(form, name)])),
    ...(body !== undefined && { 'content-type': 'application/json' }),
    // either the one or the other, so that no session begins in a cookie by a call with a token
    ...(token === '' ? { 'sparekey-session': 'cookie' } : { authorization: `Bearer ${token}` }),
  };
  const response = await fetch(addressOf(path, parameters, form), {
    method,
    headers,
    ...(body !== undefined && { body }),
    credentials: token === '' ? 'same-origin' : 'omit',
    redirect: 'manual',
  });
  if (response.type === 'opaqueredirect') return { status: '302', body: say.redirected };
  const text = await readFor(response, PATIENCE_MS);
  const status = String(response.status);
  return { status, body: isJson(text) ? JSON.stringify(JSON.parse(text), undefined, 2) : text };
}

async function readFor({ body }: Response, ms: number): Promise<string> {
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  if (!reader) return '';
  let isCut = false;
  const patience = setTimeout(() => {
    isCut = true;
    void reader.cancel();
  }, ms);
  let text = '';
  for (let part = await reader.read(); !part.done; part = await reader.read()) text += part.value;
  clearTimeout(patience);
  return isCut ? `${text}\n\n${say.cut}` : text;
}
