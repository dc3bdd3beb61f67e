import {
  Delivery,
  describe,
  FIRST_WAIT,
  LONGEST_WAIT,
  type DeliveryOptions,
  type Subscription,
} from './delivery.ts';
import type { Parked } from './listener-state.ts';
import { readOn } from './read-on.ts';
import { pause, Wake } from './wake.ts';

export type RoomTailOptions = DeliveryOptions;

const PAGE = 500;
/** Appends are gathered for so long: the tail costs a request nothing, and hears of it soon enough. */
const GATHER = 5;
/** A position that was merely passed over is written down so much later at most. */
const PASSED_OVER = 50;
/** Should a signal be missed, the tail looks by itself. */
const LOOK_AGAIN = 1_000;

/** One room hears the log itself: from its own cursor on, at least once, in order for each person. */
export class RoomTail implements Subscription {
  readonly #options: RoomTailOptions;
  readonly #delivery: Delivery;
  #running: Promise<void> | undefined;
  readonly #wake = new Wake();
  #forget: () => void = () => undefined;
  #remembered: string | undefined;
  #rememberedAt = 0;

  constructor(options: RoomTailOptions) {
    this.#options = options;
    this.#delivery = new Delivery(options);
  }

  start(): void {
    if (this.#running) return;
    this.#forget = this.#options.store.onAppended(() => this.#wake.wake());
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#forget();
    this.#delivery.stop();
    this.#wake.wake();
    await this.#running;
  }

  async lag(): Promise<number> {
    const { store, state, room } = this.#options;
    return store.countAfter(await state.position(room));
  }

  retry(parked: Parked): Promise<Parked | undefined> {
    return this.#delivery.retry(parked);
  }

  async #run(): Promise<void> {
    const { room, state, onTrouble, firstWait = FIRST_WAIT } = this.#options;
    let position: string | undefined;
    let known = false;
    for (let failures = 0; !this.#delivery.stopped.aborted;) {
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
        await pause(Math.min(firstWait * 2 ** failures++, LONGEST_WAIT), this.#delivery.stopped);
      }
    }
  }

  /** @returns behind which position it goes on */
  async #advance(position: string | undefined): Promise<string | undefined> {
    const { filters, store } = this.#options;
    const { events: page, upTo: next } = await readOn(store, position, PAGE, filters);
    await this.#delivery.all(
      page,
      ({ domain, subject }) => `${domain}.${subject}`,
      (event) => this.#delivery.deliver(event),
    );
    if (this.#delivery.stopped.aborted) return position; // something may have been left out
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

  async #quiet(atMost: number): Promise<void> {
    await this.#wake.wait(atMost, this.#delivery.stopped);
    await pause(GATHER, this.#delivery.stopped);
  }
}
