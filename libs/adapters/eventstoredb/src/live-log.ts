import {
  START,
  streamNameFilter,
  type AllStreamRecordedEvent,
  type AllStreamSubscription,
  type EventStoreDBClient,
  type Position,
} from '@eventstore/db-client';
import { pause, type StoredEvent } from '@sparekey/event-sourcing';
import { LRUCache } from 'lru-cache';
import { isOfServer, watched } from './log-reader.ts';
import { position, positionText } from './positions.ts';

export interface LiveLogOptions {
  readonly client: EventStoreDBClient;
  readonly prefixes: readonly string[];
  /** The place of the log's newest event, whoever wrote it; nothing where the log is empty. */
  readonly newest: () => Promise<Position | undefined>;
  /** Whether the last event that was brought, or looked for, still stands where it was; where not, {@link LiveLog.forget} was called. */
  readonly stands: (brought: AllStreamRecordedEvent | undefined) => Promise<boolean>;
  /** The place of the newest event of ours. */
  readonly ourNewest: () => Promise<bigint | undefined>;
  /** The server wrote into a stream of ours, or about it. */
  readonly onDamage: (event: AllStreamRecordedEvent) => void;
  readonly stored: (event: AllStreamRecordedEvent) => StoredEvent;
  readonly lookEvery?: number;
  readonly restsAfter?: number;
  readonly recent?: number;
  readonly onTrouble: (cause: string) => void;
}

const LOOK_EVERY = 5_000;
/** So many events are brought for nothing, where nobody reads or follows, before it rests. */
const RESTS_AFTER = 500;
const FIRST_WAIT = 100;
const LONGEST_WAIT = 5_000;
/** So many of the newest events are at hand, at least. */
const RECENT = 4_096;
const KNOWN_STREAMS = 65_536;
/** Streams of which the last events are kept, and how many of each. */
const [KEPT_STREAMS, KEPT_OF_ONE] = [2_048, 8];
/** Nobody waits longer for the subscription than a read would take on a busy server (milliseconds). */
const ARRIVES_WITHIN = 250;

/**
 * Our part of the log as a subscription brings it: where streams end, their last events, and word that something was
 * appended, by whomever. What stands here is true up to the place that it has come to; whether that is where the log ends, a
 * {@link Fence} tells. A subscription that falls silent without an error costs time and nothing else.
 *
 * It begins with the first read, and rests where much was brought and nobody read meanwhile: what others append is then no work here.
 *
 * The client does not subscribe again by itself, and a subscription can fall silent without an error. So it is watched:
 * where it is behind the log and nothing was heard from one look to the next, it is made anew, from where it was.
 */
export class LiveLog {
  readonly #options: LiveLogOptions;
  readonly #listeners = new Map<() => void, readonly string[] | undefined>();
  #stop = new AbortController();
  #isClosed = false;
  /** How many events were brought since somebody read. */
  #unread = 0;
  readonly #heads = new LRUCache<string, number>({ max: KNOWN_STREAMS });
  readonly #last = new LRUCache<string, readonly StoredEvent[]>({ max: KEPT_STREAMS });
  readonly #waiting = new Set<{ readonly commit: bigint; readonly arrived: (isThere: boolean) => void }>();
  /** The newest events in the order of the log, and the place behind which none of them is missing. */
  #recent: StoredEvent[] = [];
  #recentFrom = 0n;
  #subscription: AllStreamSubscription | undefined;
  #running: Promise<unknown> | undefined;
  /** Everything of ours up to here has been brought; nothing while it has not begun. */
  #place: Position | undefined;
  #begun = 0;
  /** The last event that was brought; it outlives a rest. */
  #newest: AllStreamRecordedEvent | undefined;
  /** The subscription has ended, and whether the log is still the same one is not known yet. */
  #isInDoubt = false;
  /** Where the subscription did not come in time: nobody waits for it again before it has. */
  #missed = -1n;

  constructor(options: LiveLogOptions) {
    this.#options = options;
  }

  /** @param types what it is told of, where not of everything @returns ends it */
  add(listener: () => void, types?: readonly string[]): () => void {
    this.#listeners.set(listener, types);
    this.start();
    return () => this.#listeners.delete(listener);
  }

  /** @param type of what was brought; nothing where something may have been missed */
  tell(type?: string): void {
    for (const [listener, types] of this.#listeners)
      if (!types || type === undefined || types.includes(type)) listener();
  }

  /** Somebody reads. */
  start(): void {
    this.#unread = 0;
    if (this.#running || this.#isClosed) return;
    const { signal } = (this.#stop = new AbortController());
    this.#running = Promise.all([this.#subscribeForEver(signal), this.#look(signal)]);
  }

  /** What is learned by a read that began now holds as long as this number stays. 0: it has not begun. */
  get since(): number {
    return this.#begun;
  }

  /** The revision of a stream's last event as of here, -1 for none; nothing where that is not known. */
  head(stream: string): number | undefined {
    return this.#heads.peek(stream);
  }

  /** A stream was seen to end there. @param since as it was before that was asked for */
  learn(stream: string, head: number, since: number): void {
    if (since === 0 || since !== this.#begun) return;
    if ((this.#heads.peek(stream) ?? -2) < head) this.#heads.set(stream, head);
  }

  /** All events of a stream behind a revision, where they are at hand. */
  behind(stream: string, revision: number): readonly StoredEvent[] | undefined {
    if (this.#isInDoubt) return undefined;
    const last = this.#last.peek(stream);
    const from = last?.findIndex((event) => event.revision === revision + 1) ?? -1;
    return from === -1 ? undefined : last!.slice(from);
  }

  /**
   * All events behind a place, and up to which one; nothing where some of them are not at hand, or where none stands there: the
   * log was restored to an older state, as who reads it there is told.
   */
  newer(commit: bigint): { readonly events: readonly StoredEvent[]; readonly upTo: string } | undefined {
    if (this.#begun === 0 || this.#isInDoubt || this.isLate) return undefined;
    const place = this.#place!;
    if (commit < this.#recentFrom || commit > place.commit || place.commit < 0n) return undefined;
    let first = this.#recent.length; // who follows the log is near its end
    while (first > 0 && placeOf(this.#recent[first - 1]!) > commit) first--;
    if ((first === 0 ? this.#recentFrom : placeOf(this.#recent[first - 1]!)) !== commit) return undefined;
    return { events: this.#recent.slice(first), upTo: positionText(place) };
  }

  /** Whether everything of ours up to there has been brought, which is waited for, but not long. */
  async reached(commit: bigint): Promise<boolean> {
    if (this.#begun === 0 || this.#isInDoubt) return false;
    if (this.#isPast(commit)) return true;
    if (this.isLate) return false;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const waiting = { commit, arrived: resolve };
    this.#waiting.add(waiting);
    const timer = setTimeout(() => resolve(false), ARRIVES_WITHIN);
    const isThere = await promise;
    clearTimeout(timer);
    this.#waiting.delete(waiting);
    if (!isThere && commit > this.#missed) this.#missed = commit;
    if (!isThere) this.tell(); // who follows the log reads it
    return isThere;
  }

  /** What it should have brought has not come: others have to be asked. */
  get isLate(): boolean {
    return !this.#isPast(this.#missed);
  }

  /** The log is another one than it was: nothing that was known of it holds. */
  forget(): void {
    this.#forgetAll();
    this.#newest = undefined;
    this.#subscription?.destroy(new Error('it follows an older log'));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#end();
  }

  /** Nothing of it holds any more: whoever reads next begins anew. */
  #rest(): void {
    this.#forgetAll();
    void this.#end();
  }

  async #end(): Promise<void> {
    const [running, subscription] = [this.#running, this.#subscription];
    this.#running = this.#subscription = undefined;
    this.#stop.abort();
    for (const { arrived } of this.#waiting) arrived(false);
    await subscription?.unsubscribe().catch(() => undefined); // it is gone already
    await running;
  }

  #forgetAll(): void {
    this.#begun = 0;
    this.#place = undefined;
    this.#missed = -1n;
    this.#recent = [];
    this.#heads.clear();
    this.#last.clear();
  }

  #isPast(commit: bigint): boolean {
    return this.#place !== undefined && this.#place.commit >= commit;
  }

  async #subscribeForEver(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted; failures++) {
      const began = performance.now();
      const cause = await this.#begin(signal)
        .then(() => (signal.aborted ? 'it rests' : this.#subscribe()))
        .catch((error: Error) => error.message);
      if (signal.aborted) return;
      this.#isInDoubt = true;
      this.#options.onTrouble(cause);
      if (performance.now() - began > LONGEST_WAIT) failures = 0;
      await pause(Math.min(FIRST_WAIT * 2 ** failures, LONGEST_WAIT), signal);
      this.tell(); // whatever was missed meanwhile
    }
  }

  /**
   * For the first time it begins where the log ends now: what comes before is read when it is asked for. Later it goes on from
   * where it was, if that is still the same log.
   */
  async #begin(signal: AbortSignal): Promise<void> {
    await this.#options.stands(this.#newest);
    this.#isInDoubt = false;
    if (this.#begun > 0 || signal.aborted) return;
    const newest = (await this.#options.newest()) ?? { commit: -1n, prepare: -1n };
    if (signal.aborted) return;
    this.#place = newest;
    this.#recentFrom = this.#place.commit;
    this.#begun = ++begun;
    this.tell(); // of what was appended between the last read of who follows and now
  }

  /** @returns why it ended */
  #subscribe(): Promise<string> {
    const { client, prefixes } = this.#options;
    const { promise, resolve } = Promise.withResolvers<string>();
    // nothing in here may throw: what is thrown in the client's callbacks stalls it for ever, or ends the process
    const subscription = client.subscribeToAll({
      fromPosition: this.#place!.commit < 0n ? START : this.#place!,
      filter: streamNameFilter({ prefixes: watched(prefixes) }),
    });
    this.#subscription = subscription;
    subscription.on('data', ({ event }) => {
      if (!event || this.#subscription !== subscription) return;
      if (isOfServer(event)) this.#options.onDamage(event);
      else this.#take(event);
    });
    subscription.on('error', (error: Error) => resolve(error.message));
    subscription.on('end', () => resolve('the subscription ended'));
    subscription.on('close', () => resolve('the subscription was closed'));
    return promise;
  }

  #take(event: AllStreamRecordedEvent): void {
    const { restsAfter = RESTS_AFTER, recent = RECENT } = this.#options;
    if (this.#place && event.position.commit > this.#place.commit) {
      const stored = this.#options.stored(event);
      const { stream, revision } = stored;
      if ((this.#heads.peek(stream) ?? -2) < revision) this.#heads.set(stream, revision);
      const last = this.#last.peek(stream) ?? [];
      const isNext = last.at(-1)?.revision === revision - 1;
      this.#last.set(stream, [...(isNext ? last.slice(1 - KEPT_OF_ONE) : []), stored]);
      this.#place = event.position;
      this.#newest = event;
      this.#recent.push({ ...stored, position: positionText(event.position) });
      if (this.#recent.length > 2 * recent)
        this.#recentFrom = placeOf(this.#recent.splice(0, recent).at(-1)!);
      for (const { commit, arrived } of this.#waiting) if (this.#isPast(commit)) arrived(true);
    }
    if (++this.#unread >= restsAfter && this.#listeners.size === 0) this.#rest();
    this.tell(event.type);
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { lookEvery = LOOK_EVERY } = this.#options;
    let before: bigint | undefined; // where it was when it was found behind at the last look
    while (!signal.aborted) {
      await pause(lookEvery, signal);
      const place = this.#place?.commit ?? -1n;
      const newest = await this.#options.ourNewest().catch(() => undefined); // the subscription hears of that by itself
      if (signal.aborted || newest === undefined || newest <= place || place < 0n) {
        before = undefined;
        continue;
      }
      const isSilent = before === place && this.#place?.commit === place;
      if (isSilent) this.#subscription?.destroy(new Error('behind, and silent'));
      if (isSilent && newest > this.#missed) this.#missed = newest;
      before = isSilent ? undefined : place;
      this.tell();
    }
  }
}

let begun = 0;
const placeOf = ({ position: text = '' }: StoredEvent): bigint => position(text).commit;
