import { setTimeout as sleep } from 'node:timers/promises';
import { generateSync } from 'otplib';
import type { Api, ApiAnswer } from './api.ts';

const STEP_MS = 30_000;

/** A domain with one internal service that may act for its people, as a test needs it. */
export class Tenant {
  private constructor(
    readonly api: Api,
    readonly domain: string,
    /** The token of the service `payroll`. */
    readonly token: string,
    readonly operatorToken: string,
  ) {}

  static async create(
    api: Api,
    operatorToken: string,
    domain = 'acme',
    service: object = {},
  ): Promise<Tenant> {
    const tenant = new Tenant(api, domain, '', operatorToken);
    await tenant.operator('PUT', '', { displayName: 'Acme' });
    await tenant.operator('PUT', '/services/payroll', {
      displayName: 'Payroll',
      onBehalf: true,
      manages: true,
      ...service,
    });
    const issued = await tenant.operator('POST', '/api-tokens', {
      name: 'payroll server',
      role: 'service',
      service: 'payroll',
    });
    return new Tenant(api, domain, issued.body.token as string, operatorToken);
  }

  /** One that is there already. */
  static of(api: Api, domain: string, token: string, operatorToken: string): Tenant {
    return new Tenant(api, domain, token, operatorToken);
  }

  /** The same tenant spoken to through another process. */
  through(api: Api): Tenant {
    return new Tenant(api, this.domain, this.token, this.operatorToken);
  }

  operator(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<ApiAnswer> {
    const call = {
      token: this.operatorToken,
      ...(body !== undefined && { body }),
      ...(headers && { headers }),
    };
    return this.api(method, `/v1/domains/${this.domain}${path}`, call);
  }

  service(method: string, path: string, body?: unknown): Promise<ApiAnswer> {
    return this.api(method, `/v1/domains/${this.domain}${path}`, {
      token: this.token,
      ...(body !== undefined && { body }),
    });
  }

  open(userId: string, more: object = {}): Promise<ApiAnswer> {
    const firstFactor = { amr: ['pwd'], authTime: 1_772_366_300 };
    return this.service('POST', '/challenges', { userId, purpose: 'sign-in', firstFactor, ...more });
  }

  /** Opens a challenge that must be one. @returns its id */
  async challenge(userId: string): Promise<string> {
    const { status, body } = await this.open(userId);
    if (status !== 201) throw new Error(`no challenge: ${status} ${JSON.stringify(body)}`);
    return body.challengeId as string;
  }

  answer(challengeId: string, body: object): Promise<ApiAnswer> {
    return this.api('POST', `/v1/challenges/${challengeId}/answers`, { body });
  }

  /** A user with a confirmed authenticator app, saved recovery codes and two-step verification on. */
  async enrol(userId: string, now: () => number): Promise<Person> {
    const user = `/users/${userId}`;
    const contacts = { emails: [`${userId}@acme.example`], displayName: userId };
    await expectStatus(this.service('PUT', user, contacts), 200, 201);
    const factor = await this.addTotp(userId, now);
    const codes = await this.issueCodes(userId);
    await expectStatus(this.service('POST', `${user}/two-step/enable`), 204);
    return { userId, ...factor, ...codes };
  }

  /** On the system's clock: enrolled with the code of the step before, so that this step's is still unspent. */
  async enrolBefore(userId: string): Promise<Person> {
    const left = STEP_MS - (Date.now() % STEP_MS);
    if (left < STEP_MS / 2) await sleep(left); // two steps back is too far, and the next one may be near
    return this.enrol(userId, () => Date.now() - STEP_MS);
  }

  /** The account with which a user signs in. */
  async account(userId: string, login = `${userId}@acme.example`): Promise<Account> {
    const call = this.operator('PUT', `/users/${userId}/account`, { login, password: PASSWORD });
    await expectStatus(call, 200, 201);
    return { domain: this.domain, login, password: PASSWORD };
  }

  signIn(account: Account, headers?: Record<string, string>): Promise<ApiAnswer> {
    return this.api('POST', '/v1/identity/sign-in', { body: account, ...(headers && { headers }) });
  }

  /** A session after the password alone, where the second step is put off. */
  async plainSession(userId: string, account: Account): Promise<string> {
    const { body } = await expectStatus(this.signIn(account), 200);
    const token = body.session.token as string;
    await expectStatus(
      this.api('POST', `/v1/domains/${this.domain}/users/${userId}/two-step/skip`, { token }),
      204,
    );
    return (await expectStatus(this.api('POST', '/v1/identity/sessions', { token }), 200)).body
      .token as string;
  }

  /** A session after password and second step. */
  async fullSession(account: Account, code: () => { method: string; code: string }): Promise<string> {
    const { body } = await expectStatus(this.signIn(account), 200);
    const answered = await expectStatus(this.answer(body.challenge.challengeId as string, code()), 200);
    const { result } = answered.body as { result: string };
    return (await expectStatus(this.api('POST', '/v1/identity/sessions', { body: { result } }), 200)).body
      .token as string;
  }

  async addTotp(userId: string, now: () => number): Promise<{ factorId: string; secret: string }> {
    const factors = `/users/${userId}/factors`;
    const { body } = await expectStatus(this.service('POST', factors, { type: 'totp', name: 'Phone' }), 201);
    const { factorId, secret } = body as { factorId: string; secret: string };
    await expectStatus(
      this.service('POST', `${factors}/${factorId}/confirm`, { code: totpCode(secret, now()) }),
      200,
    );
    return { factorId, secret };
  }

  async issueCodes(userId: string): Promise<{ batchId: string; codes: string[] }> {
    const path = `/users/${userId}/recovery-codes`;
    const { body } = await expectStatus(this.service('POST', path), 201);
    const { batchId, codes } = body as { batchId: string; codes: string[] };
    await expectStatus(this.service('POST', `${path}/saved`, { batchId }), 204);
    return { batchId, codes };
  }
}

/** What a person types to sign in. */
export interface Account {
  readonly domain: string;
  readonly login: string;
  readonly password: string;
}

export const PASSWORD = 'four wild geese over Utrecht';

export interface Person {
  readonly userId: string;
  readonly factorId: string;
  readonly secret: string;
  readonly batchId: string;
  readonly codes: readonly string[];
}

/** The code that an authenticator app shows. @param now Unix milliseconds */
export function totpCode(secret: string, now: number): string {
  return generateSync({ secret, epoch: Math.floor(now / 1_000) });
}

/** A code that no step near the moment has. */
export function wrongCode(secret: string, now: number): string {
  const right = new Set([-60, -30, 0, 30, 60].map((shift) => totpCode(secret, now + shift * 1_000)));
  return ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !right.has(code))!;
}

async function expectStatus(call: Promise<ApiAnswer>, ...expected: number[]): Promise<ApiAnswer> {
  const answer = await call;
  if (!expected.includes(answer.status)) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
}
