import { once } from 'node:events';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { refuse } from '@sparekey/contracts';
import { askerOf, Busy, type Origin } from '@sparekey/event-sourcing';
import { FairTurns } from '@sparekey/vault';

/** The longest password, in characters: NIST SP 800-63B-4 §3.1.1.2 asks for 64 at least. */
export const PASSWORD_LENGTH = 256;
/** Of 4; what scores less falls to a list of common passwords or to a few hours of guessing. */
const LEAST_SCORE = 3;
/** Estimating more of a long password only costs time. */
const ESTIMATED = 100;
const MOST_WAITING = 20;
const PATIENCE_MS = 10_000;

/** One spelling for what looks the same (NIST SP 800-63B-4 §3.1.1.2 asks for normalisation). */
export const normalizePassword = (password: string): string => password.normalize('NFC');

/**
 * Refuses passwords that are short, on lists of common passwords, made of keyboard runs and repetitions, or of the words
 * given here. No rules of composition. The lists are loaded for the occasion, in a thread of their own.
 *
 * @param words what others know: login, user, names of domain and service
 * @param origin who asks: people and machines take turns, and each of them does
 * @throws Refusal `policy-refused` · TooManyWaiting
 */
export async function requireStrongPassword(
  password: string,
  minLength: number,
  words: readonly string[],
  origin: Origin,
): Promise<void> {
  const tooWeak = (message: string) => refuse('policy-refused', { errors: [{ field: 'password', message }] });
  const { length } = [...password];
  if (length < minLength) throw tooWeak(`must have at least ${minLength} characters`);
  if (length > PASSWORD_LENGTH) throw tooWeak(`must have at most ${PASSWORD_LENGTH} characters`);
  if ([...without(password, words)].length < minLength / 2)
    throw tooWeak('is made of names that others know');
  const lane = origin.actor.kind === 'user' ? 'person' : 'machine';
  const score = await turns.run(lane, askerOf(origin), () => estimate(password, words));
  if (score < LEAST_SCORE) throw tooWeak('is on the list of common passwords, or too easily guessed');
}

/** What is left of a password when words that others know are taken out of it. */
const without = (password: string, words: readonly string[]): string =>
  words
    .filter((word) => word.length > 2)
    .reduce((rest, word) => rest.replaceAll(word.toLowerCase(), ''), password.toLowerCase());

/** One at a time: each loads the lists anew, and many at once would fill the memory. */
const turns = new FairTurns<'person' | 'machine'>(1, MOST_WAITING);

async function estimate(password: string, words: readonly string[]): Promise<number> {
  const file = `./password-strength.worker${extname(import.meta.url)}`; // built, or as it was written
  const worker = new Worker(new URL(file, import.meta.url), {
    workerData: { password: password.slice(0, ESTIMATED), words },
  });
  worker.on('error', () => undefined); // told to whoever waits; nobody may wait any more
  try {
    const [found] = (await once(worker, 'message', { signal: AbortSignal.timeout(PATIENCE_MS) })) as [number];
    return found;
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw new Busy('a password could not be judged in time');
    throw error;
  } finally {
    await worker.terminate();
  }
}
