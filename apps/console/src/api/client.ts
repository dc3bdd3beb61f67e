import createClient from 'openapi-fetch';
import { leaveToSignIn } from './leave.ts';
import { sawDate } from './server-clock.ts';
import type { components, paths } from './schema.d.ts';
import { canStepUp, stepUp } from './step-up.ts';

export type Schemas = components['schemas'];
type Problem = Schemas['Problem'] & {
  readonly attemptsLeft?: number;
  readonly retryAfter?: number;
  /** With `step-up-required`: what has to be shown anew. */
  readonly missing?: readonly ('password' | 'second-step')[];
};
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

let isForWhoIsSignedIn = false;

/** From here on who is signed in no more is sent to sign in; pages that anybody may see do without. */
export function requireSession(): void {
  isForWhoIsSignedIn = true;
}

interface Answered<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/**
 * Who is signed in no more is sent to sign in, and comes back afterwards. Where a fresher proof is asked for, it is asked for on the
 * page, and the call made once more; where the page cannot ask, the person signs in again.
 *
 * @param call makes the call: once more after a step-up
 * @returns what was answered @throws Refused with `offline` where nobody was reached
 */
export async function ask<T>(call: () => Promise<Answered<T>>): Promise<T> {
  const first = await attempt(call);
  if ('data' in first) return first.data;
  const { code, missing = [] } = first.problem;
  if (code === 'step-up-required' && isForWhoIsSignedIn && canStepUp()) {
    await stepUp(missing);
    const second = await attempt(call);
    if ('data' in second) return second.data;
    throw new Refused(second.problem);
  }
  if (isForWhoIsSignedIn && (code === 'unauthenticated' || code === 'step-up-required'))
    return leaveToSignIn('again');
  throw new Refused(first.problem);
}

async function attempt<T>(
  call: () => Promise<Answered<T>>,
): Promise<{ readonly data: T } | { readonly problem: Refused['problem'] }> {
  const { data, error, response } = await call().catch((): Answered<T> => {
    throw new Refused({ code: 'offline' });
  });
  sawDate(response.headers.get('date'));
  if (response.ok) return { data: data as T };
  const problem = (error ?? {}) as Partial<Problem>;
  return { problem: { ...problem, code: problem.code ?? 'internal' } };
}
