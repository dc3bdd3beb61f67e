import { AppendRefused, LogDamaged, pause, readOn, Wake } from '@sparekey/event-sourcing';
import type { NoticeChannel } from '@sparekey/contracts';
import { ChannelTroubles, waitAfter } from './channel-troubles.ts';
import { LEASE_MS, noticeDecider } from './notice.ts';
import type { NotificationRoom } from './notification.room.ts';
import { itemOf, messageOf, originOf, type OutboxItem } from './outbox-item.ts';
import { MessageRefused, ProviderUnavailable, type Message, type Sender } from './ports/index.ts';

/** Its cursor, beside those of the rooms. */
const CURSOR = 'outbox';
const PAGE = 500;
/** More than these are not held in memory: the log holds them. */
const MOST_PENDING = 20_000;
const LOOK_MS = 1_000;
/** What is not due yet is looked at again so soon. */
const NAP_MS = 25;
/** The cursor is stored so often at most: what was passed since is merely read again after a restart. */
const STORE_MS = 1_000;
/** RFC 5321 §4.5.3.2 allows minutes; a claim is renewed meanwhile, and nothing else waits but this channel. */
const SEND_MS = 60_000;
/** A process that ends waits so long for what is being handed over. */
const STOP_MS = 5_000;

/**
 * Sends what is claimed. What it has to do it learns from the log alone: notices claimed and not yet ended, behind a
 * cursor that stands before the oldest of them. A claim of this process is sent at once; one of another, or of a process
 * that is gone, when its time is over and it could be taken over.
 */
export class Outbox {
  /** Why it cannot go on by itself: the log is not the one that it followed. */
  lost: string | undefined;
  readonly #room: NotificationRoom;
  readonly #pending = new Map<string, OutboxItem>();
  /** Streams whose claim this process holds. */
  readonly #mine = new Set<string>();
  readonly #troubles: ChannelTroubles;
  readonly #stop = new AbortController();
  /** Aborted when the process ends and has waited long enough. */
  readonly #patience = new AbortController();
  /** The log has grown. */
  readonly #grown = new Wake();
  /** There is more to send. */
  readonly #more = new Wake();
  #storedAt = 0;
  #read: string | undefined;
  #stored: string | undefined;
  #running: Promise<unknown> = Promise.resolve();
  #forget: () => void = () => undefined;

  constructor(room: NotificationRoom) {
    this.#room = room;
    this.#troubles = new ChannelTroubles(room.logger);
  }

  start(): void {
    const { metrics, ports } = this.#room;
    metrics.follow(
      'sparekey_notices_pending',
      'Notices claimed and not yet sent or given up',
      () => this.size,
    );
    metrics.follow(
      'sparekey_notice_oldest_seconds',
      'Age of the oldest notice that is still on its way',
      () => {
        const [oldest] = this.#pending.values();
        return oldest ? (ports.clock.now() - oldest.event.time) / 1_000 : 0;
      },
    );
    metrics.follow(
      'sparekey_notice_channels_in_trouble',
      'Channels that take nothing now: all their notices wait',
      () => this.#troubles.size,
    );
    this.#forget = this.#room.ports.store.onAppended(() => this.#grown.wake(), ['NoticeClaimed']);
    const lanes = this.#room.senders.flatMap((sender) =>
      Array.from({ length: sender.lanes }, () => this.#lane(sender)),
    );
    this.#running = Promise.all([this.#follow(), ...lanes]);
  }

  /** Finishes what is being handed over. */
  async stop(): Promise<void> {
    this.#forget();
    this.#stop.abort();
    this.#grown.wake();
    const patience = setTimeout(() => this.#patience.abort(), STOP_MS);
    await this.#running;
    clearTimeout(patience);
    for (const sender of this.#room.senders) await sender.close();
  }

  /** This process has just claimed the notice of this stream. */
  claimed(stream: string): void {
    this.#mine.add(stream);
    const item = this.#pending.get(stream);
    if (item) item.due = this.#room.ports.clock.now();
  }

  /** Why nothing goes out over a channel now; nothing where it does. */
  troubleOf(channel: NoticeChannel): string | undefined {
    return this.#troubles.reasonOf(channel);
  }

  /** Notices that are on their way. */
  get size(): number {
    return this.#pending.size;
  }

  async #follow(): Promise<void> {
    const { listenerState } = this.#room.ports;
    for (let known = false; !this.#stop.signal.aborted;) {
      try {
        if (!known) this.#read = this.#stored = await listenerState.position(CURSOR);
        known = true;
        const more = this.#pending.size < MOST_PENDING && (await this.#learn());
        this.lost = undefined;
        await this.#remember();
        if (!more) await this.#quiet();
      } catch (error) {
        this.lost = error instanceof LogDamaged ? error.message : undefined;
        this.#room.logger.error({ err: error }, 'the outbox could not follow the log');
        await pause(LOOK_MS, this.#stop.signal);
      }
    }
  }

  /** Reads on in the log. @returns whether there may be more at once */
  async #learn(): Promise<boolean> {
    const { store } = this.#room.ports;
    const { events, upTo } = await readOn(store, this.#read, PAGE, [{ type: 'NoticeClaimed' }]);
    for (const stored of events) {
      const item = await itemOf(stored, this.#room, this.#mine, this.#read);
      if (item) this.#pending.set(stored.stream, item);
      this.#read = stored.position; // not before: where the log is away this one is looked at again
    }
    this.#read = upTo;
    if (this.#pending.size > 0) this.#more.wake();
    return events.length === PAGE;
  }

  /** The cursor never passes a notice that is still on its way: it is found again after a restart. */
  async #remember(): Promise<void> {
    const [oldest] = this.#pending.values(); // in the order of the log
    const safe = oldest ? oldest.before : this.#read;
    if (safe === undefined || safe === this.#stored || performance.now() - this.#storedAt < STORE_MS) return;
    this.#storedAt = performance.now();
    await this.#room.ports.listenerState.advance(CURSOR, safe);
    this.#stored = safe;
  }

  async #lane(sender: Sender): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const item = this.#next(sender.channel);
      if (!item) {
        await this.#more.wait(this.#pending.size > 0 ? NAP_MS : LOOK_MS, this.#stop.signal);
        continue;
      }
      item.busy = true;
      await this.#attempt(sender, item).catch((error: unknown) => {
        // the store or the ring is away: what became of the message is asked there when it is back
        this.#room.logger.error({ err: error }, 'a notice could not be handled');
        if (error instanceof LogDamaged || error instanceof AppendRefused) this.#forgetItem(item);
        else this.#later(item);
      });
      item.busy = false;
    }
  }

  /** Of what is due, what is worth nothing soonest: codes go before notices, and of those the oldest. */
  #next(channel: NoticeChannel): OutboxItem | undefined {
    const now = this.#room.ports.clock.now();
    if (this.#troubles.untilOf(channel) > now) return undefined;
    let next: OutboxItem | undefined;
    let probe: OutboxItem | undefined; // where the channel had trouble, whichever waited longest
    for (const item of this.#pending.values()) {
      const { channel: its, deadline } = item.event.data;
      if (item.busy || its !== channel) continue;
      if (item.due <= now && !(next && next.event.data.deadline <= deadline)) next = item;
      if (item.troubles > 0 && !(probe && probe.due <= item.due)) probe = item;
    }
    return next ?? (this.#troubles.has(channel) ? probe : undefined);
  }

  async #attempt(sender: Sender, item: OutboxItem): Promise<void> {
    const { event } = item;
    const { data } = event;
    const { clock } = this.#room.ports;
    if (clock.now() >= data.deadline) return this.#end(item, { type: 'GiveUp', reason: 'deadline' });
    if (!(await this.#hold(item))) return;
    const message = await messageOf(event, this.#room.ports);
    if (!message) return this.#end(item, { type: 'GiveUp', reason: 'erased' });
    item.attempts++;
    try {
      await this.#send(sender, message, item);
    } catch (error) {
      return this.#failed(sender, item, error as Error);
    }
    this.#troubles.isOver(sender.channel);
    await this.#end(item, { type: 'NoteSent' });
  }

  /** Makes sure that the claim is this process's own and has time left. @returns whether it is */
  async #hold(item: OutboxItem): Promise<boolean> {
    const { stream } = item.event;
    const { state } = await this.#room.notices.load(stream);
    const now = this.#room.ports.clock.now();
    if (state.ended) {
      this.#pending.delete(stream);
      return false;
    }
    const mine = this.#mine.has(stream);
    if (mine && state.until - now > LEASE_MS / 2) return true;
    if (await this.#renew(item, mine)) return true;
    item.due = (await this.#room.notices.load(stream)).state.until;
    return false;
  }

  async #renew({ event }: OutboxItem, mine: boolean): Promise<boolean> {
    const { events } = await this.#room.changeNotice(originOf(event), event.stream, async ({ state, at }) =>
      noticeDecider.decide({ type: 'RenewClaim', mine, until: at + LEASE_MS, at }, state),
    );
    if (events.length > 0) this.#mine.add(event.stream);
    return events.length > 0;
  }

  /** Hands it over, and keeps the claim while that takes long. */
  async #send(sender: Sender, message: Message, item: OutboxItem): Promise<void> {
    const patience = Math.max(1, Math.min(SEND_MS, item.event.data.deadline - this.#room.ports.clock.now()));
    const keep = setInterval(() => void this.#renew(item, true).catch(() => undefined), LEASE_MS / 2); // tried again in time
    try {
      await sender.send(message, AbortSignal.any([this.#patience.signal, AbortSignal.timeout(patience)]));
    } finally {
      clearInterval(keep);
    }
  }

  async #failed(sender: Sender, item: OutboxItem, error: Error): Promise<void> {
    const { channel } = sender;
    const { attempts, event } = item;
    this.#room.logger.warn(
      { channel, kind: event.data.kind, attempts, reason: error.message },
      'a notice was not taken',
    );
    if (this.#room.ports.clock.now() >= event.data.deadline)
      return this.#end(item, { type: 'GiveUp', reason: 'deadline' }); // it says nothing of the provider
    if (error instanceof ProviderUnavailable) return this.#paused(channel, item, error.message);
    this.#troubles.isOver(channel); // it looked at this message
    if (error instanceof MessageRefused) return this.#end(item, { type: 'GiveUp', reason: 'refused' });
    this.#later(item);
  }

  /**
   * Nothing goes out over this channel for a while, and nothing is given up. Another message is tried first then: should it
   * be this one that the provider takes amiss, it stops nobody else.
   */
  #paused(channel: NoticeChannel, item: OutboxItem, reason: string): void {
    const until = this.#troubles.begins(channel, reason, this.#room.ports.clock.now());
    item.attempts--; // nobody has looked at it
    item.troubles++;
    item.due = until + waitAfter(item.troubles);
  }

  #later(item: OutboxItem): void {
    item.due = this.#room.ports.clock.now() + waitAfter(item.attempts);
  }

  async #end(
    item: OutboxItem,
    how: { type: 'NoteSent' } | { type: 'GiveUp'; reason: 'refused' | 'deadline' | 'erased' },
  ): Promise<void> {
    const { event, attempts } = item;
    await this.#room.changeNotice(originOf(event), event.stream, async ({ state }) =>
      noticeDecider.decide({ ...how, attempts }, state),
    );
    this.#forgetItem(item);
    this.#room.metrics.notices
      .labels(event.data.channel, how.type === 'NoteSent' ? 'sent' : how.reason)
      .inc();
  }

  #forgetItem({ event: { stream } }: OutboxItem): void {
    this.#pending.delete(stream);
    this.#mine.delete(stream);
  }

  async #quiet(): Promise<void> {
    await this.#grown.wait(LOOK_MS, this.#stop.signal);
    await pause(5, this.#stop.signal);
  }
}
