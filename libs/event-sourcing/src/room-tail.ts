import { setTimeout as sleep } from 'node:timers/promises';
import type { Codec } from './codec.ts';
import type { Envelope, StoredEvent } from './envelope.ts';
import type { EventStore, Interest } from './event-store.ts';
import type { ListenerState, Parked } from './listener-state.ts';

export interface RoomTailOptions {
  readonly room: string;
  readonly interests: readonly Interest[];
  /** Handles one event. At least once, so it must be idempotent on the event's id. */
  readonly deliver: (event: Envelope) => Promise<void>;
  readonly store: EventStore;
  readonly state: ListenerState;
  readonly codec: Codec;
  readonly now: () => number;
  /** Told of what is parked and of what has to wait, for the log; without an event where the log itself is not read. */
  readonly onTrouble: (
    what: 'parked' | 'waiting',
    room: string,
    event: StoredEvent | undefined,
    cause: string,
  ) => void;
  /** Milliseconds before the second try; each further one waits twice as long. */
  readonly firstWait?: number;
}

/** How often an event is tried before it is parked. */
export const DELIVERY_ATTEMPTS = 5;
const FIRST_WAIT = 50;
const LONGEST_WAIT = 5_000;
const PAGE = 500;
/** Events of different people are handled at once, up to this many. */
const LANES = 16;
/** Appends are gathered for so long: the tail costs a request nothing, and hears of it soon enough. */
const GATHER = 5;
/** A position that was merely passed over is written down so much later at most. */
const PASSED_OVER = 50;
/** Should a signal be missed, the tail looks by itself. */
const LOOK_AGAIN = 1_000;

/** What says nothing against the event: it is tried again until the store, the ring or the queue is back. */
const TRANSIENT = new Set(['StoreUnavailable', 'VaultUnavailable', 'Busy']);

/**
 * One room hears the log: its own cursor, its own budget of retries, its own parking place. At least once, in order for
 * each person; what fails five times is parked with its cause, and the room goes on.
 */
export class RoomTail {
  readonly #options: RoomTailOptions;
  #running: Promise<void> | undefined;
  #stopped = new AbortController();
  #wake = Promise.withResolvers<void>();
  #forget: () => void = () => undefined;
  #remembered: string | undefined;
  #rememberedAt = 0;

  constructor(options: RoomTailOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#running) return;
    this.#forget = this.#options.store.onAppended(() => this.#wake.resolve());
    this.#running = this.#run();
  }

  /** Finishes what is being handled, and hears no more. */
  async stop(): Promise<void> {
    this.#forget();
    this.#stopped.abort();
    this.#wake.resolve();
    await this.#running;
  }

  /**
   * Tries a parked event once more, now.
   * @returns what went wrong, where something did; nothing where it is handled and no longer parked
   */
  async retry(parked: Parked): Promise<Parked | undefined> {
    const { store, state, now } = this.#options;
    const [stored] = await store.read(parked.stream, { from: parked.revision, limit: 1 });
    const cause = stored ? await this.#try({ ...stored, position: parked.position }) : undefined;
    if (!stored || cause === undefined) {
      await state.unpark(parked.room, parked.eventId);
      return undefined;
    }
    const again = { ...parked, attempts: parked.attempts + 1, cause: describe(cause), parkedAt: now() };
    await state.park(again);
    return again;
  }

  async #run(): Promise<void> {
    const { room, state, onTrouble, firstWait = FIRST_WAIT } = this.#options;
    let position: string | undefined;
    let known = false;
    for (let failures = 0; !this.#stopped.signal.aborted;) {
      try {
        if (!known) position = this.#remembered = await state.position(room);
        known = true;
        const next = await this.#advance(position);
        failures = 0;
        if (next === position) await this.#quiet(position === this.#remembered ? LOOK_AGAIN : PASSED_OVER);
        position = next;
      } catch (error) {
        // the log or the state is away: nothing was advanced, and it is tried again
        if (failures === 0) onTrouble('waiting', room, undefined, describe(error as Error));
        await this.#pause(Math.min(firstWait * 2 ** failures++, LONGEST_WAIT));
      }
    }
  }

  /** @returns behind which position it goes on */
  async #advance(position: string | undefined): Promise<string | undefined> {
    const { interests, store } = this.#options;
    const end = await store.end(); // before the page: what comes later is seen the next time
    const page = await store.readAll(position, PAGE, interests);
    await this.#deliverAll(page);
    if (this.#stopped.signal.aborted) return position; // something may have been left out
    const next = (page.length === 0 ? end : page.at(-1)!.position) ?? position;
    if (page.length > 0 || performance.now() - this.#rememberedAt > PASSED_OVER) await this.#remember(next);
    return next;
  }

  /** What was handled is remembered at once; what was merely passed over, a little later and in one go. */
  async #remember(position: string | undefined): Promise<void> {
    this.#rememberedAt = performance.now();
    if (position === undefined || position === this.#remembered) return;
    await this.#options.state.advance(this.#options.room, position);
    this.#remembered = position;
  }

  async #deliverAll(page: readonly StoredEvent[]): Promise<void> {
    const people = [...Map.groupBy(page, ({ domain, subject }) => `${domain}.${subject}`).values()];
    const lane = async () => {
      for (let events = people.shift(); events; events = people.shift()) {
        for (const event of events) await this.#deliver(event);
      }
    };
    await Promise.all(Array.from({ length: Math.min(LANES, people.length) }, lane));
  }

  async #deliver(event: StoredEvent): Promise<void> {
    const { room, state, now, onTrouble, firstWait = FIRST_WAIT } = this.#options;
    for (let attempts = 1, tries = 0; !this.#stopped.signal.aborted; tries++) {
      const error = await this.#try(event);
      if (error === undefined) return;
      if (TRANSIENT.has(error.name)) {
        if (tries === 0) onTrouble('waiting', room, event, describe(error));
      } else if (attempts++ === DELIVERY_ATTEMPTS) {
        const cause = describe(error);
        const { id: eventId, type, stream, revision, position = '' } = event;
        const parked = { room, eventId, type, stream, revision, position };
        await state.park({ ...parked, attempts: DELIVERY_ATTEMPTS, cause, parkedAt: now() });
        onTrouble('parked', room, event, cause);
        return;
      }
      await this.#pause(Math.min(firstWait * 2 ** tries, LONGEST_WAIT));
    }
  }

  async #try(event: StoredEvent): Promise<Error | undefined> {
    try {
      await this.#options.deliver(this.#options.codec.decode(event));
      return undefined;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  async #quiet(atMost: number): Promise<void> {
    await Promise.race([this.#wake.promise, this.#pause(atMost)]);
    this.#wake = Promise.withResolvers<void>();
    await this.#pause(GATHER);
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stopped.signal, ref: false }).catch(() => undefined); // stopped
  }
}

/** Name, message and where it was thrown, and the same of what caused it: never the values that errors carry. */
function describe(error: Error): string {
  const own = error.stack ?? `${error.name}: ${error.message}`;
  return error.cause instanceof Error ? `${own}\ncaused by ${describe(error.cause)}` : own;
}
