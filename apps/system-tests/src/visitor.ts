import { totpCode, type Account, type Api, type ApiAnswer, type Tenant, type World } from '@sparekey/testing';

/** What people do with a browser in the domain acme: they have an account, a session, and an authenticator app. */
export class Visitor {
  #people = 0;

  constructor(
    private readonly api: Api,
    private readonly acme: Tenant,
    private readonly clock: World['clock'],
  ) {}

  /** Calls with the token of a session. */
  readonly as = (token: string, method: string, path: string, body?: object): Promise<ApiAnswer> =>
    this.api(method, path, { token, ...(body && { body }) });

  readonly exchange = (token?: string, result?: string): Promise<ApiAnswer> =>
    this.api('POST', '/v1/identity/sessions', {
      ...(token && { token }),
      ...(result && { body: { result } }),
    });

  /** Somebody with an account and nothing else. */
  readonly newcomer = async (): Promise<{ userId: string; account: Account }> => {
    const userId = `person-${this.#people++}`;
    await this.acme.service('PUT', `/users/${userId}`, { emails: [`${userId}@acme.example`] });
    return { userId, account: await this.acme.account(userId) };
  };

  /** Somebody with two-step verification; `code` is what their app shows now. */
  readonly enrolled = async () => {
    const { userId, account } = await this.newcomer();
    const now = () => this.clock.now();
    const person = await this.acme.enrol(userId, now);
    this.clock.advance(30);
    return { ...person, account, code: () => ({ method: 'totp', code: totpCode(person.secret, now()) }) };
  };

  /** Adds an app and saves codes with nothing but the session, as a page would. */
  readonly prepare = async (token: string, userId: string) => {
    const U = `/v1/domains/acme/users/${userId}`;
    const { body: factor } = await this.as(token, 'POST', `${U}/factors`, { type: 'totp' });
    const { factorId, secret } = factor as { factorId: string; secret: string };
    const code = totpCode(secret, this.clock.now());
    const confirmed = await this.as(token, 'POST', `${U}/factors/${factorId}/confirm`, { code });
    const { body: made } = await this.as(token, 'POST', `${U}/recovery-codes`);
    const { batchId, codes } = made as { batchId: string; codes: string[] };
    const saved = await this.as(token, 'POST', `${U}/recovery-codes/saved`, { batchId });
    if (confirmed.status !== 200 || saved.status !== 204)
      throw new Error(`not prepared: ${confirmed.status} ${saved.status}`);
    return { factorId, secret, codes };
  };

  readonly enrolIn = async (token: string, userId: string) => {
    const prepared = await this.prepare(token, userId);
    const enabled = await this.as(token, 'POST', `/v1/domains/acme/users/${userId}/two-step/enable`);
    if (enabled.status !== 204) throw new Error(`not enrolled: ${enabled.status}`);
    return prepared;
  };
}
