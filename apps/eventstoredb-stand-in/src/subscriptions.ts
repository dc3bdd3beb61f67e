import { randomUUID } from 'node:crypto';
import { setImmediate as others, setTimeout as sleep } from 'node:timers/promises';
import type { ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import { caughtUpAnswer, checkpointAnswer, confirmationAnswer, eventAnswer } from './answers.ts';
import type { Filter } from './filter.ts';
import type { Log } from './log.ts';
import type { Heading } from './records.ts';
import { unavailable } from './refusals.ts';
import type { ReadQuery } from './requests.ts';
import { send, type ReadCall } from './send.ts';

/** Events looked at in one go, as there. */
const PAGE = 32;
/** The same where a filter picks a few of them; afterwards others have their turn. */
const SEARCHED = 256;

/** How far a page went, and whether there may be another one. */
interface Passed {
  readonly place: number;
  readonly hasMore: boolean;
}

/**
 * One subscription: confirmed, brought up to the end of the log or the stream, told that it is there, then fed with what
 * is appended. With a filter it is also told now and then, and when it has caught up, how far the log was looked at.
 */
export class Subscription {
  readonly #call: ReadCall;
  readonly #log: Log;
  readonly #query: ReadQuery;
  readonly #delay: () => number;
  #stall: PromiseWithResolvers<void> | undefined;
  #wake: (() => void) | undefined;
  #isEnded = false;
  #considered = 0;
  #checkpoint = 0;

  /** @param delay milliseconds before each message */
  constructor(call: ReadCall, log: Log, query: ReadQuery, delay: () => number = () => 0) {
    this.#delay = delay;
    this.#call = call;
    this.#log = log;
    this.#query = query;
    call.on('cancelled', () => this.#finish());
  }

  /** @returns when it is over */
  async run(): Promise<void> {
    const stopListening = this.#log.onGrown(() => this.#wake?.());
    try {
      await this.#send(confirmationAnswer(randomUUID()));
      await this.#follow();
    } finally {
      stopListening();
    }
  }

  /** Stays open and says nothing. */
  stall(): void {
    this.#stall ??= Promise.withResolvers();
  }

  resume(): void {
    this.#stall?.resolve();
    this.#stall = undefined;
  }

  end(): void {
    this.#call.emit('error', unavailable('Server Is Shutting Down'));
    this.#finish();
  }

  async #follow(): Promise<void> {
    const { filter } = this.#query;
    let place = this.#firstPlace();
    let isLive = place >= this.#end();
    if (isLive) await this.#send(caughtUpAnswer());
    while (!this.#isEnded) {
      const seen = this.#log.end;
      const passed = await (filter ? this.#sendFound(place, filter) : this.#sendPage(place));
      place = passed.place;
      if (passed.hasMore) continue;
      if (!isLive) await this.#tellCaughtUp(place);
      isLive = true;
      if (this.#log.end === seen && !this.#isEnded) await this.#grown();
    }
  }

  async #sendPage(from: number): Promise<Passed> {
    const { stream, structuredIds } = this.#query;
    const page = this.#log.page(stream, 'forwards', from + 1, PAGE);
    for (const event of page) await this.#send(eventAnswer(event, structuredIds));
    const last = page.at(-1);
    const place = stream === undefined ? last?.position : last?.revision;
    return { place: place ?? from, hasMore: page.length === PAGE };
  }

  /** Of the whole log those that the filter lets through. */
  async #sendFound(from: number, filter: Filter): Promise<Passed> {
    const page = this.#log.headings('forwards', from + 1, SEARCHED);
    for (const heading of page) await this.#consider(heading, filter);
    const hasMore = page.length === SEARCHED;
    if (hasMore) await others();
    return { place: page.at(-1)?.position ?? from, hasMore };
  }

  async #consider(heading: Heading, { allows, checkpointEvery }: Filter): Promise<void> {
    if (allows(heading)) {
      const [event] = this.#log.page(undefined, 'forwards', heading.position, 1);
      await this.#send(eventAnswer(event!, this.#query.structuredIds));
    }
    if (++this.#considered < checkpointEvery) return;
    this.#considered = 0;
    await this.#sendCheckpoint(heading.position);
  }

  async #tellCaughtUp(place: number): Promise<void> {
    if (this.#query.filter) await this.#sendCheckpoint(place);
    this.#considered = 0;
    await this.#send(caughtUpAnswer());
  }

  async #sendCheckpoint(position: number): Promise<void> {
    if (position <= this.#checkpoint) return;
    this.#checkpoint = position;
    await this.#send(checkpointAnswer(position));
  }

  async #send(answer: ReadResp): Promise<void> {
    while (this.#stall) await this.#stall.promise;
    if (this.#delay() > 0) await sleep(this.#delay(), undefined, { ref: false });
    if (!this.#isEnded) await send(this.#call, answer);
  }

  /** The place of the last event that is not wanted. */
  #firstPlace(): number {
    const { from, stream } = this.#query;
    if (from === 'end') return this.#end();
    if (from === 'start') return stream === undefined ? 0 : -1;
    return from;
  }

  #end(): number {
    const { stream } = this.#query;
    return stream === undefined ? this.#log.end : (this.#log.streamEnd(stream) ?? -1);
  }

  #grown(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #finish(): void {
    this.#isEnded = true;
    this.resume();
    this.#wake?.();
  }
}

/** All subscriptions that are open. */
export class Subscriptions {
  readonly #open = new Set<Subscription>();
  #areNewStalled = false;
  /** Milliseconds by which every message of every subscription comes later. */
  delay = 0;

  async run(subscription: Subscription): Promise<void> {
    this.#open.add(subscription);
    if (this.#areNewStalled) subscription.stall();
    try {
      await subscription.run();
    } finally {
      this.#open.delete(subscription);
    }
  }

  stall(andNewOnes: boolean): void {
    this.#areNewStalled = andNewOnes;
    for (const subscription of this.#open) subscription.stall();
  }

  resume(): void {
    this.#areNewStalled = false;
    for (const subscription of this.#open) subscription.resume();
  }

  end(): void {
    for (const subscription of this.#open) subscription.end();
  }
}
