import type { Origin } from '@sparekey/event-sourcing';
import { attemptsDecider, hourOf, TOLD_AN_HOUR } from './attempts.ts';
import type { IdentityRoom } from './identity.room.ts';
import { LRUCache } from 'lru-cache';

interface Untold {
  readonly origin: Origin;
  readonly hour: number;
  readonly told: number;
  readonly count: number;
  readonly from: number;
  readonly until: number;
}

const KEEP = 10_000;

/**
 * Tells the log of failures before a proven first step: a few an hour as they happen, then, when the hour is over or
 * the process ends, how many more there were. What was only counted is lost where a process is killed.
 */
export class Rejections {
  readonly #untold = new LRUCache<string, Untold>({ max: KEEP });

  constructor(private readonly room: IdentityRoom) {}

  /** @param context JSON of address and user agent @param looked whether the password was looked at; else it had to wait */
  async add(origin: Origin, context: string, looked: boolean): Promise<void> {
    const { domain, subject: user = '' } = origin;
    const at = this.room.ports.clock.now();
    const key = `${domain}.${user}`;
    const before = this.#untold.get(key);
    const hour = hourOf(at);
    if (before && before.hour !== hour) await this.#sum(key, before);
    const told = before?.hour === hour ? before.told : 0;
    const counted = before?.hour === hour ? before : { count: 0, from: at };
    if (looked && told < TOLD_AN_HOUR && (await this.#tell(origin, context))) {
      this.#untold.set(key, {
        origin,
        hour,
        told: told + 1,
        count: counted.count,
        from: counted.from,
        until: at,
      });
      return;
    }
    const { count, from } = counted;
    this.#untold.set(key, {
      origin,
      hour,
      told: looked ? TOLD_AN_HOUR : told,
      count: count + 1,
      from,
      until: at,
    });
  }

  /** Sums up what is left of hours that are over, or of all. */
  async flush(all = false): Promise<void> {
    const hour = hourOf(this.room.ports.clock.now());
    for (const [key, untold] of [...this.#untold.entries()]) {
      if (all || untold.hour !== hour) await this.#sum(key, untold);
    }
  }

  async #tell(origin: Origin, context: string): Promise<boolean> {
    const { domain, subject: user = '' } = origin;
    const { events } = await this.room.changeAttempts(origin, async ({ state, at, eventId }) => {
      const place = { eventId: eventId(0), field: 'context' };
      const sealed = await this.room.ports.vault.seal({ domain, user }, 'context', context, place);
      return attemptsDecider.decide({ type: 'RejectPassword', context: sealed, at }, state);
    });
    return events.length > 0;
  }

  async #sum(key: string, { origin, count, from, until }: Untold): Promise<void> {
    this.#untold.delete(key);
    if (count === 0) return;
    await this.room.changeAttempts(origin, async ({ state }) =>
      attemptsDecider.decide({ type: 'SumRejections', count, from, until }, state),
    );
  }
}
