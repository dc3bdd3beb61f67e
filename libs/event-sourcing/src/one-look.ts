import { AsyncLocalStorage } from 'node:async_hooks';

/** Where the log ended at a moment after the work began; several reads of one request may rest on one look. */
export interface OneLook {
  /** When it was begun (`performance.now()`), and what came of it. */
  taken?: { readonly at: number; readonly reached: Promise<boolean> } | undefined;
}

/** For so long a look serves the work in which it was taken (milliseconds). */
export const LOOK_LASTS = 500;

const current = new AsyncLocalStorage<OneLook>();

/**
 * Runs work, such as the answering of a request, whose reads may share one look at the log's end: all of them are then as fresh
 * as a read that began after the work did. After an append of this work, after {@link lookAnew} and after half a second the
 * next read looks anew.
 */
export const withOneLook = <T>(work: () => T): T => current.run({}, work);

/** What this work has looked at; nothing outside of {@link withOneLook}. */
export const lookOfThisWork = (): OneLook | undefined => current.getStore();

/** What is read next is as fresh as if the work began now. */
export function lookAnew(): void {
  const look = current.getStore();
  if (look) look.taken = undefined;
}
