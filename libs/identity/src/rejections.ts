import type { Origin } from '@sparekey/event-sourcing';
import { attemptsDecider, hourOf, TOLD_AN_HOUR } from './attempts.ts';
import type { IdentityRoom } from './identity.room.ts';

/** What the log was not told of one account's hour. */
interface Untold {
  readonly origin: Origin;
  readonly hour: number;
  told: number;
  count: number;
  readonly from: number;
  until: number;
}

/** Accounts that are counted at once; of more than these the log is told nothing but what it was told as it happened. */
const KEEP = 10_000;

/**
 * Tells the log of failures before a proven first step: a few an hour as they happen, then, when the hour is over or
 * the process ends, how many more there were. Nobody waits for it, so that an answer tells nothing by its time. What was
 * only counted is lost where a process is killed.
 */
export class Rejections {
  readonly #untold = new Map<string, Untold>();
  readonly #telling = new Set<Promise<void>>();

  constructor(private readonly room: IdentityRoom) {}

  /** @param context JSON of address and user agent @param looked whether the password was looked at; else it had to wait */
  add(origin: Origin, context: string, looked: boolean): void {
    const at = this.room.ports.clock.now();
    const key = `${origin.domain}.${origin.subject}`;
    const untold = this.#of(key, origin, at);
    if (!untold) return;
    untold.until = at;
    if (looked && untold.told < TOLD_AN_HOUR) {
      untold.told++;
      this.#tellLater(this.#tell(origin, context, untold));
    } else untold.count++;
  }

  /** Sums up what is left of hours that are over, or of all, and waits for what is being told. */
  async flush(all = false): Promise<void> {
    await Promise.all(this.#telling); // what cannot be told one by one is counted
    const hour = hourOf(this.room.ports.clock.now());
    for (const [key, untold] of [...this.#untold]) {
      if (all || untold.hour !== hour) this.#close(key, untold);
    }
    await Promise.all(this.#telling);
  }

  #of(key: string, origin: Origin, at: number): Untold | undefined {
    const hour = hourOf(at);
    const before = this.#untold.get(key);
    if (before?.hour === hour) return before;
    if (before) this.#close(key, before);
    if (this.#untold.size >= KEEP) return undefined;
    const fresh = { origin, hour, told: 0, count: 0, from: at, until: at };
    this.#untold.set(key, fresh);
    return fresh;
  }

  #close(key: string, untold: Untold): void {
    this.#untold.delete(key);
    if (untold.count > 0) this.#tellLater(this.#sum(untold));
  }

  #tellLater(telling: Promise<void>): void {
    const told = telling.catch((error: unknown) =>
      this.room.logger.error({ err: error }, 'the log could not be told of rejected passwords'),
    );
    this.#telling.add(told);
    void told.finally(() => this.#telling.delete(told));
  }

  async #tell(origin: Origin, context: string, untold: Untold): Promise<void> {
    if (!(await this.#told(origin, context))) untold.count++; // another process has told of five
  }

  async #told(origin: Origin, context: string): Promise<boolean> {
    const { domain, subject: user = '' } = origin;
    const { events } = await this.room.changeAttempts(origin, async ({ state, at, eventId }) => {
      const place = { eventId: eventId(0), field: 'context' };
      const sealed = await this.room.ports.vault.seal({ domain, user }, 'context', context, place);
      return attemptsDecider.decide({ type: 'RejectPassword', context: sealed, at }, state);
    });
    return events.length > 0;
  }

  async #sum({ origin, count, from, until }: Untold): Promise<void> {
    await this.room.changeAttempts(origin, async ({ state }) =>
      attemptsDecider.decide({ type: 'SumRejections', count, from, until }, state),
    );
  }
}
