import { Refused } from './client.ts';

/** A page was left open over an upgrade: what it would load now is not there any more. */
const KEPT = 'sparekey-reloaded';
/** Loading anew helps once; sooner than this again it does not (milliseconds). */
const AGAIN_MS = 10_000;

/** Loads the page anew, as it is now. @throws Refused with `offline` where nobody is reached, else what was wrong where that did not help */
export async function reloadOnce(error: unknown): Promise<never> {
  await fetch('/health/live').catch(() => {
    throw new Refused({ code: 'offline' });
  });
  const last = Number(sessionStorage.getItem(KEPT) ?? 0);
  if (Date.now() - last < AGAIN_MS) throw error;
  sessionStorage.setItem(KEPT, String(Date.now()));
  location.reload();
  return new Promise(() => undefined);
}

/** Whether this page has just been loaded anew for that. */
export const wasReloaded = (): boolean => Date.now() - Number(sessionStorage.getItem(KEPT) ?? 0) < AGAIN_MS;
