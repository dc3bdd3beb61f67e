import { AsyncLocalStorage } from 'node:async_hooks';

/** Where the log ended at a moment after the work began; several reads of one request may rest on one look. */
export interface OneLook {
  /** When it was begun (`performance.now()`), and what came of it. */
  taken?: { readonly at: number; readonly reached: Promise<boolean> } | undefined;
  /** An append of this work stands there: what is as fresh as that knows of it, and of all that others appended before it. */
  appended?: { readonly at: number; readonly commit: bigint } | undefined;
}

/** For so long a look serves the work in which it was taken (milliseconds). */
export const LOOK_LASTS = 500;

const current = new AsyncLocalStorage<OneLook>();

/**
 * Runs work, such as the answering of a request, whose reads may share one look at the log's end: all of them are then as fresh
 * as a read that began after the work did. After an append of this work they are as fresh as that; after {@link lookAnew} and
 * after half a second the next read looks anew.
 */
export const withOneLook = <T>(work: () => T): T => current.run({}, work);

/** What this work has looked at; nothing outside of {@link withOneLook}. */
export const lookOfThisWork = (): OneLook | undefined => current.getStore();

/** What is read next is as fresh as if the work began now; where it has just appended, as that append. @param commit where it stands */
export function lookAnew(commit?: bigint): void {
  const look = current.getStore();
  if (!look) return;
  look.taken = undefined;
  look.appended = commit === undefined ? undefined : { at: performance.now(), commit };
}
