import { MessageRefused, ProviderUnavailable, type Message, type Sender } from '@sparekey/notification/ports';

export interface HttpSmsSettings {
  /** Where messages are posted to; a login in it is sent as HTTP Basic authentication. */
  readonly url: string;
}

/** Taken before, under this key: that is what we wanted. */
const TAKEN_BEFORE = 409;
/** The login, the account's credit, the address or the provider itself: everybody's messages wait. */
const OURS = new Set([401, 402, 403, 404, 405, 407, 410, 503]);
const NOT_NOW = new Set([408, 425, 429]);

/**
 * Text messages through an HTTP provider (docs/sms-provider.md): `POST` with the JSON `{to, text}` and an
 * `Idempotency-Key`, under which the provider sends one message however often it is asked.
 */
export class HttpSmsSender implements Sender {
  readonly channel = 'sms';
  readonly lanes = 8;
  readonly #url: string;
  readonly #headers: Record<string, string>;

  constructor({ url }: HttpSmsSettings) {
    const { username, password, ...rest } = splitLogin(url);
    this.#url = rest.url;
    const login = Buffer.from(`${username}:${password}`, 'utf8').toString('base64');
    this.#headers = {
      'content-type': 'application/json',
      ...(username !== '' && { authorization: `Basic ${login}` }),
    };
  }

  async send({ id, to, text }: Message, signal: AbortSignal): Promise<void> {
    const { status } = await this.#post({ to, text }, id, signal);
    if ((status >= 200 && status < 300) || status === TAKEN_BEFORE) return;
    const what = `the SMS provider answered ${status}`;
    if (OURS.has(status)) throw new ProviderUnavailable(what);
    if (status >= 400 && status < 500 && !NOT_NOW.has(status)) throw new MessageRefused(what);
    throw new Error(what);
  }

  async close(): Promise<void> {}

  async #post(body: object, key: string, signal: AbortSignal): Promise<Response> {
    const headers = { ...this.#headers, 'idempotency-key': key };
    try {
      const response = await fetch(this.#url, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
        redirect: 'error',
        signal,
      });
      await response.body?.cancel();
      return response;
    } catch (error) {
      const { code = (error as Error).name } = ((error as Error).cause ?? {}) as { code?: string };
      const what = `the SMS provider is not reached: ${code}`;
      throw code === 'ECONNREFUSED' || code === 'ENOTFOUND' ? new ProviderUnavailable(what) : new Error(what);
    }
  }
}

function splitLogin(text: string): { url: string; username: string; password: string } {
  const url = new URL(text);
  const [username, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  url.username = url.password = '';
  return { url: url.href, username, password };
}
