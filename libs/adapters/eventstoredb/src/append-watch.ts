import { setTimeout as sleep } from 'node:timers/promises';
import {
  END,
  streamNameFilter,
  type AllStreamSubscription,
  type EventStoreDBClient,
} from '@eventstore/db-client';
import { positionText } from './positions.ts';

export interface AppendWatchOptions {
  readonly client: EventStoreDBClient;
  readonly prefixes: readonly string[];
  /** The position of the newest event of ours. */
  readonly end: () => Promise<string | undefined>;
  readonly lookEvery?: number;
  readonly onTrouble: (cause: string) => void;
}

const LOOK_EVERY = 5_000;
const FIRST_WAIT = 100;
const LONGEST_WAIT = 5_000;

/**
 * Tells that something was appended, by whomever. It subscribes to the whole log and keeps nothing of what comes: who is
 * told reads on from a position of their own, so that a message lost here costs time and nothing else.
 *
 * The client does not subscribe again by itself, and a subscription can fall silent without an error. So it is watched:
 * where it is behind the log and nothing was heard from one look to the next, it is made anew.
 */
export class AppendWatch {
  readonly #options: AppendWatchOptions;
  readonly #listeners = new Set<() => void>();
  readonly #stop = new AbortController();
  #subscription: AllStreamSubscription | undefined;
  #heard: string | undefined;
  #running: Promise<unknown> | undefined;

  constructor(options: AppendWatchOptions) {
    this.#options = options;
  }

  /** @returns ends it */
  add(listener: () => void): () => void {
    this.#listeners.add(listener);
    this.#running ??= Promise.all([this.#subscribeForEver(), this.#look()]);
    return () => this.#listeners.delete(listener);
  }

  tell(): void {
    for (const listener of this.#listeners) listener();
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#subscription?.unsubscribe().catch(() => undefined); // it is gone already
    await this.#running;
  }

  async #subscribeForEver(): Promise<void> {
    for (let failures = 0; !this.#stop.signal.aborted; failures++) {
      const began = performance.now();
      this.#heard = await this.#end(this.#heard);
      const cause = await this.#subscribe();
      if (this.#stop.signal.aborted) return;
      this.#options.onTrouble(cause);
      if (performance.now() - began > LONGEST_WAIT) failures = 0;
      await this.#pause(Math.min(FIRST_WAIT * 2 ** failures, LONGEST_WAIT));
      this.tell(); // whatever was missed meanwhile
    }
  }

  /** @returns why it ended */
  #subscribe(): Promise<string> {
    const { client, prefixes } = this.#options;
    return new Promise((resolve) => {
      // nothing in here may throw: what is thrown in the client's callbacks stalls it for ever, or ends the process
      const subscription = client.subscribeToAll({
        fromPosition: END,
        filter: streamNameFilter({ prefixes: [...prefixes] }),
      });
      this.#subscription = subscription;
      subscription.on('data', ({ event }) => {
        if (event) this.#heard = positionText(event.position);
        this.tell();
      });
      subscription.on('error', (error: Error) => resolve(error.message));
      subscription.on('end', () => resolve('the subscription ended'));
      subscription.on('close', () => resolve('the subscription was closed'));
    });
  }

  async #look(): Promise<void> {
    const { lookEvery = LOOK_EVERY } = this.#options;
    let before: { readonly heard: string | undefined } | undefined; // when it was found behind at the last look
    while (!this.#stop.signal.aborted) {
      await this.#pause(lookEvery);
      const heard = this.#heard;
      const isBehind = (await this.#end(heard)) !== heard;
      const isSilent = isBehind && before !== undefined && before.heard === heard && heard === this.#heard;
      if (isSilent) this.#subscription?.destroy(new Error('behind, and silent'));
      before = isBehind && !isSilent ? { heard } : undefined;
      if (isBehind) this.tell();
    }
  }

  /** @returns `otherwise` where the store is away: the subscription hears of that by itself */
  #end(otherwise: string | undefined): Promise<string | undefined> {
    return this.#options.end().then(
      (end) => end ?? otherwise,
      () => otherwise,
    );
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stop.signal, ref: false }).catch(() => undefined); // stopped
  }
}
