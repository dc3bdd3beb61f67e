import { setTimeout as sleep } from 'node:timers/promises';

/** What follows from the log follows soon. @returns what `look` found · @throws where it has not come in time */
export async function eventually<T>(look: () => Promise<T | undefined>, patience = 20_000): Promise<T> {
  for (const until = Date.now() + patience; ; await sleep(100)) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > until) throw new Error(`it has not come within ${patience / 1_000} seconds`);
  }
}
