import createClient from 'openapi-fetch';
import { leaveToSignIn } from './leave.ts';
import type { components, paths } from './schema.d.ts';

export type Schemas = components['schemas'];
type Problem = Schemas['Problem'] & { readonly attemptsLeft?: number; readonly retryAfter?: number };
/** A code of the API's closed list, or nobody was reached. */
type Code = Problem['code'] | 'offline';

/** Every call is typed by the document of the API; the session is a cookie out of the reach of scripts. */
export const api = createClient<paths>({ headers: { 'Sparekey-Session': 'cookie' } });

/** What the API refused, or that it was not reached. */
export class Refused extends Error {
  constructor(readonly problem: Partial<Omit<Problem, 'code'>> & { readonly code: Code }) {
    super(problem.code);
  }
}

interface Answered<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/** The session has ended, or what is asked for takes a proof of just now. */
const SIGN_IN_AGAIN = ['unauthenticated', 'step-up-required'];

/**
 * Who is signed in no more, or not freshly enough, is sent to sign in, and comes back afterwards.
 *
 * @returns what was answered @throws Refused with `offline` where nobody was reached
 */
export async function ask<T>(call: Promise<Answered<T>>): Promise<T> {
  const { data, error, response } = await call.catch((): Answered<T> => {
    throw new Refused({ code: 'offline' });
  });
  if (response.ok) return data as T;
  const problem = (error ?? {}) as Partial<Problem>;
  const isSignedInPage = !location.pathname.startsWith('/sign-in');
  if (isSignedInPage && SIGN_IN_AGAIN.includes(problem.code ?? '')) return leaveToSignIn('again');
  throw new Refused({ ...problem, code: problem.code ?? 'internal' });
}
