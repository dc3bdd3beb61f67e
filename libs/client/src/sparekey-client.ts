import type { MethodType, ProblemCode, Purpose } from '@sparekey/contracts';
import { readUrl } from './url.ts';

export interface SparekeyClientOptions {
  /** Where Sparekey is reached, such as `http://localhost:4000`: an address without a path. */
  readonly url: string;
  readonly domain: string;
  /** An API token of role `service`. */
  readonly token: string;
  /** Milliseconds until a call is given up; default 5,000. */
  readonly timeout?: number;
}

export interface ChallengeRequest {
  readonly userId: string;
  readonly purpose: Purpose;
  /** Your own id of this sign-in, given back in the result. */
  readonly signInId?: string;
  /** What you verified before: RFC 8176 values, Unix seconds. */
  readonly firstFactor?: { readonly amr: readonly string[]; readonly authTime: number };
  /** Where the person is, as you saw it; recorded as your assertion. */
  readonly context?: {
    readonly ip?: string;
    readonly userAgent?: string;
    /** Your own name for a browser in which this user has signed in before: others displace no challenge of it. */
    readonly browser?: string;
  };
  /**
   * Both, for a challenge that is answered on a page of Sparekey's: one of your registered addresses, character for
   * character, and the S256 digest of a verifier that stays with the browser ({@link createVerifier}).
   */
  readonly returnUrl?: string;
  readonly codeChallenge?: string;
}

export interface User {
  readonly emails?: readonly string[];
  /** E.164. */
  readonly phone?: string;
  readonly displayName?: string;
  /** BCP 47. */
  readonly locale?: string;
}

export interface MethodOffer {
  readonly method: MethodType;
  readonly factorId?: string;
  readonly name?: string;
  /** RFC 3339: not before then. */
  readonly lockedUntil?: string;
}

export type Decision =
  | {
      readonly decision: 'challenge';
      /** A secret: whoever holds it may answer. */
      readonly challengeId: string;
      readonly methods: readonly MethodOffer[];
      readonly preferred: MethodOffer;
      readonly expiresAt: string;
      /** Where to send the person, with `returnUrl`. */
      readonly url?: string;
    }
  /** No second step is asked for; the result says so (`acr` none). */
  | { readonly decision: 'allow'; readonly result: string }
  | {
      readonly decision: 'enroll';
      readonly skippable: boolean;
      /** RFC 3339: until then it may be put off. */
      readonly deadline?: string;
    }
  | { readonly decision: 'deny'; readonly code: ProblemCode };

/** Of a sign-in that began by event (`signSignInEvent`); `pending`: it is being decided. */
export type BegunSignIn =
  | { readonly decision: 'pending' }
  | {
      readonly decision: 'challenge';
      /** A secret: whoever holds it may answer. */
      readonly challengeId: string;
      readonly expiresAt: string;
      readonly url?: string;
    }
  | { readonly decision: 'enroll'; readonly skippable: boolean; readonly deadline?: string }
  | { readonly decision: 'deny'; readonly code: ProblemCode };

/** What the person typed, or the JSON of the credential that their browser or app gave. */
export type Answer = { readonly method: MethodType; readonly factorId?: string } & (
  { readonly code: string } | { readonly credential: object }
);

/** A sign-in of somebody who has said no name. */
export interface PasskeyChallenge {
  /** A secret: whoever holds it may answer. */
  readonly challengeId: string;
  /** For `PublicKeyCredential.parseRequestOptionsFromJSON()` in a browser, and for what apps have in its place. */
  readonly options: object;
  readonly expiresAt: string;
}

/** Sparekey refused the call or could not serve it: `code` is of the closed list. Nothing was decided in your favour. */
export class SparekeyProblem extends Error {
  override readonly name = 'SparekeyProblem';

  constructor(
    readonly status: number,
    readonly code: ProblemCode,
    /** Members of the problem, such as `attemptsLeft` and `retryAfter` (seconds). */
    readonly members: Readonly<Record<string, unknown>>,
  ) {
    super(`${status} ${code}`);
  }
}

/**
 * Sparekey was not reached: no connection, no answer in time, or an answer that is not Sparekey's, such as a page of a proxy.
 * Nothing is known of the call.
 */
export class SparekeyNotReached extends Error {
  override readonly name = 'SparekeyNotReached';
}

/** What an internal service asks of Sparekey during a sign-in. */
export class SparekeyClient {
  readonly #options: SparekeyClientOptions;
  readonly #origin: string;

  /** @throws TypeError where `url` is no address without a path */
  constructor(options: SparekeyClientOptions) {
    this.#options = options;
    this.#origin = readUrl(options.url);
  }

  /** @throws SparekeyProblem · SparekeyNotReached */
  openChallenge(request: ChallengeRequest): Promise<Decision> {
    return this.#call('POST', this.#inDomain('challenges'), request);
  }

  /**
   * The result of a hosted challenge, once.
   *
   * @param code as it came to your return address
   * @param codeVerifier as you kept it with the browser that did the first step
   * @throws SparekeyProblem
   */
  async takeResult(code: string, codeVerifier: string): Promise<string> {
    return (await this.#call<{ result: string }>('POST', this.#inDomain('results'), { code, codeVerifier }))
      .result;
  }

  /** Registers a user, or replaces what is known of them. */
  async putUser(userId: string, user: User): Promise<void> {
    await this.#call('PUT', this.#inDomain(`users/${encodeURIComponent(userId)}`), user);
  }

  /** Passes on what the person typed. @returns the signed result @throws SparekeyProblem */
  async answer(challengeId: string, answer: Answer): Promise<string> {
    const passed = await this.#call<{ result: string }>(
      'POST',
      `/v1/challenges/${encodeURIComponent(challengeId)}/answers`,
      answer,
    );
    return passed.result;
  }

  /**
   * What a security key or passkey is asked for in this challenge: `PublicKeyCredentialRequestOptionsJSON`. Those of before are
   * void.
   *
   * @throws SparekeyProblem
   */
  webauthnOptions(challengeId: string): Promise<object> {
    return this.#call('POST', `/v1/challenges/${encodeURIComponent(challengeId)}/webauthn-options`);
  }

  /** A sign-in by passkey alone, where the domain's policy permits it. @throws SparekeyProblem `policy-refused` */
  openPasskeyChallenge(): Promise<PasskeyChallenge> {
    return this.#call('POST', this.#inDomain('passkey-challenges'));
  }

  /** @param credential JSON of what the browser gave @returns the signed result, which says who it is @throws SparekeyProblem */
  async answerPasskeyChallenge(challengeId: string, credential: object): Promise<string> {
    const path = `/v1/passkey-challenges/${encodeURIComponent(challengeId)}/answers`;
    return (await this.#call<{ result: string }>('POST', path, { method: 'webauthn', credential })).result;
  }

  /** What was decided of a sign-in that was begun by event. @throws SparekeyProblem `not-found` until it was heard */
  signIn(signInId: string): Promise<BegunSignIn> {
    return this.#call('GET', this.#inDomain(`sign-ins/${encodeURIComponent(signInId)}`));
  }

  #inDomain(path: string): string {
    return `/v1/domains/${encodeURIComponent(this.#options.domain)}/${path}`;
  }

  async #call<T>(method: 'GET' | 'POST' | 'PUT', path: string, body?: object): Promise<T> {
    const { token, timeout = 5_000 } = this.#options;
    const headers = { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) };
    const response = await fetch(new URL(path, this.#origin), {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
      redirect: 'error',
      signal: AbortSignal.timeout(timeout),
    }).catch((cause: unknown) => {
      throw new SparekeyNotReached(`${method} ${this.#origin}: no answer`, { cause });
    });
    const answered = await readAnswer(response);
    if (!response.ok) throw new SparekeyProblem(response.status, answered.code as ProblemCode, answered);
    return answered as T;
  }
}

/** @throws SparekeyNotReached where somebody else answered */
async function readAnswer(response: Response): Promise<Record<string, unknown>> {
  const { status, headers } = response;
  const type = headers.get('content-type') ?? 'no content type';
  try {
    const answered: unknown = JSON.parse(await response.text());
    const isOurs = typeof answered === 'object' && answered !== null;
    if (isOurs && (response.ok || 'code' in answered)) return answered as Record<string, unknown>;
  } catch (cause) {
    throw new SparekeyNotReached(`${status} with ${type} is no answer of Sparekey`, { cause });
  }
  throw new SparekeyNotReached(`${status} with ${type} is no answer of Sparekey`);
}
