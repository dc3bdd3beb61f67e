import { randomUUID } from 'node:crypto';
import { LogDamaged, pause, readOn, Wake, type EventStore, type StoredEvent } from '@sparekey/event-sourcing';
import {
  Partitioners,
  type EachBatchPayload,
  type Kafka,
  type Message,
  type Producer,
  type Transaction,
} from 'kafkajs';
import { CloudEventMessage, type Attributes } from './cloud-event-message.ts';
import { SteadyConsumer } from './consume.ts';
import { LastingTrouble } from './lasting-trouble.ts';
import { createTopics, Topics } from './topics.ts';

/** What is said of an event; which of it internal services may hear. */
export interface Said {
  readonly context: string;
  /** Attributes of the CloudEvent, without those of the place in the log. */
  readonly attributes: Attributes;
  readonly data: object;
  readonly isPublic: boolean;
}

export interface LogRelayOptions {
  readonly kafka: Kafka;
  readonly store: EventStore;
  /** @returns nothing for what is never said, such as summaries */
  readonly say: (event: StoredEvent) => Said | undefined;
  readonly contexts: readonly string[];
  readonly onTrouble: (cause: string) => void;
  readonly onDead: (cause: Error) => void;
  readonly topics: Topics;
  /** Events in one transaction; default 500. */
  readonly batch?: number;
}

const BATCH = 500;
/**
 * A transaction costs the brokers and everybody who hears them much the same, whether it carries one event or a hundred: under
 * load the next one begins so long after the one before, at the earliest (milliseconds). After a pause nothing waits.
 */
const GATHER = 80;
/** Should a signal be missed, it looks by itself (milliseconds). */
const LOOK_AGAIN = 1_000;
const FIRST_WAIT = 100;
const LONGEST_WAIT = 5_000;
const POSITION = 'position';
const BEGUN = 'begun';

/**
 * Publishes the log: each batch of events in one Kafka transaction together with the position that it reaches, so that
 * every event is said once, in the order of the log, whatever dies in the middle.
 *
 * Several may run; the one that has the single partition of the positions in its group publishes. When it begins it
 * fences, by the fixed transactional id, whoever published before: what that one had not committed never happened.
 */
export class LogRelay {
  readonly #options: LogRelayOptions;
  readonly #name: string;
  readonly #topic: string;
  readonly #stop = new AbortController();
  readonly #positions: SteadyConsumer;
  readonly #trouble: LastingTrouble;
  /** Ends the turn of publishing when the partition goes to another. */
  #turn: { readonly abort: AbortController; readonly ended: Promise<void> } | undefined;
  #latest: string | undefined;
  #begun = new Map<string, () => void>();
  #published: string | undefined;
  #lost: string | undefined;
  #known = new Set<string>();
  readonly #wake = new Wake();
  #forget: () => void = () => undefined;

  constructor(options: LogRelayOptions) {
    const { kafka, topics, onTrouble, onDead } = options;
    this.#options = options;
    this.#name = topics.group('relay');
    this.#topic = topics.position;
    this.#trouble = new LastingTrouble(onTrouble);
    this.#positions = new SteadyConsumer({
      kafka,
      groupId: this.#name,
      topics: [this.#topic],
      fromBeginning: true,
      keepsNoPlace: true,
      eachBatch: async (payload) => this.#read(payload),
      onAssigned: (isOurs) => void this.#turnTo(isOurs),
      onTrouble,
      onDead,
    });
  }

  start(): void {
    this.#forget = this.#options.store.onAppended(() => this.#wake.wake());
    this.#positions.start();
  }

  /** Finishes the batch in hand. */
  async stop(): Promise<void> {
    this.#forget();
    this.#stop.abort();
    this.#turn?.abort.abort();
    this.#wake.wake();
    await this.#turn?.ended;
    await this.#positions.stop();
  }

  /** Whether this one publishes, rather than standing by. */
  get isPublishing(): boolean {
    return this.#turn !== undefined;
  }

  /** Up to where the log is published, as far as this one knows. */
  get position(): string | undefined {
    return this.#published ?? this.#latest;
  }

  /** Why it cannot go on before somebody does something: its position is no place in the log. */
  get lost(): string | undefined {
    return this.#lost;
  }

  #read(payload: EachBatchPayload): void {
    for (const { key, value } of payload.batch.messages) {
      const text = String(value);
      if (String(key) === POSITION) this.#latest = text;
      else this.#begun.get(text)?.();
    }
    payload.resolveOffset(payload.batch.lastOffset());
  }

  async #turnTo(isOurs: boolean): Promise<void> {
    const before = this.#turn;
    this.#turn = undefined;
    before?.abort.abort();
    this.#wake.wake();
    await before?.ended;
    if (!isOurs || this.#stop.signal.aborted || this.#turn) return;
    const abort = new AbortController();
    this.#turn = { abort, ended: this.#publishWhile(abort.signal) };
  }

  /** Publishes until the turn ends, beginning anew after whatever goes wrong. */
  async #publishWhile(mine: AbortSignal): Promise<void> {
    for (let failures = 0; !mine.aborted; failures++) {
      const began = performance.now();
      try {
        await this.#publish(mine);
      } catch (error) {
        if (mine.aborted) return;
        this.#trouble.begins((error as Error).message);
      }
      this.#published = undefined;
      if (performance.now() - began > LONGEST_WAIT) failures = 0;
      await pause(waitAfter(failures), mine);
    }
  }

  async #publish(mine: AbortSignal): Promise<void> {
    const { kafka, contexts, topics, batch = BATCH } = this.#options;
    await this.#require([...contexts.map((context) => topics.context(context)), this.#topic]);
    const producer = kafka.producer({
      transactionalId: this.#name,
      idempotent: true,
      maxInFlightRequests: 1,
      transactionTimeout: 30_000,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    try {
      let position = await this.#begin(producer, mine);
      this.#trouble.isOver();
      while (!mine.aborted) {
        const page = await this.#readBehind(position, batch, mine);
        if (page.length === 0) {
          await this.#wake.wait(LOOK_AGAIN, mine);
          continue;
        }
        position = page.at(-1)!.position!;
        const began = performance.now();
        await this.#sayAll(producer, page, position);
        this.#published = position;
        if (page.length < batch) await pause(Math.max(0, began + GATHER - performance.now()), mine);
      }
    } finally {
      await producer.disconnect();
    }
  }

  /** What stands there. While the log is away it asks again and keeps its turn: what speaks to the brokers is not to be made anew. */
  async #readBehind(
    position: string | undefined,
    batch: number,
    mine: AbortSignal,
  ): Promise<readonly StoredEvent[]> {
    for (let failures = 0; !mine.aborted; failures++) {
      try {
        const { events } = await readOn(this.#options.store, position, batch);
        if (failures > 0) this.#trouble.isOver();
        this.#lost = undefined;
        return events;
      } catch (error) {
        if (mine.aborted) break;
        this.#lost = error instanceof LogDamaged ? error.message : undefined;
        this.#trouble.begins((error as Error).message);
        await pause(waitAfter(failures), mine);
      }
    }
    return [];
  }

  /**
   * From here on nobody else commits under our id, and everything that was committed before stands before our word.
   * @returns the position that was reached
   */
  async #begin(producer: Producer, mine: AbortSignal): Promise<string | undefined> {
    const word = randomUUID();
    const seen = new Promise<void>((resolve) => this.#begun.set(word, resolve));
    const transaction = await producer.transaction();
    await finish(transaction, () =>
      transaction.send({ topic: this.#topic, messages: [{ key: BEGUN, value: word }] }),
    );
    await Promise.race([seen, aborted(mine)]);
    this.#begun.delete(word);
    return this.#latest;
  }

  async #sayAll(producer: Producer, page: readonly StoredEvent[], position: string): Promise<void> {
    const byTopic = new Map<string, Message[]>();
    const add = (topic: string, message: Message) =>
      byTopic.set(topic, [...(byTopic.get(topic) ?? []), message]);
    for (const event of page) this.#sayOne(event, add);
    await this.#require([...byTopic.keys()]);
    byTopic.set(this.#topic, [{ key: POSITION, value: position }]);
    const transaction = await producer.transaction();
    const topicMessages = [...byTopic].map(([topic, messages]) => ({ topic, messages }));
    await finish(transaction, () => transaction.sendBatch({ topicMessages }));
  }

  #sayOne(event: StoredEvent, add: (topic: string, message: Message) => void): void {
    const said = this.#options.say(event);
    if (!said) return;
    const { stream, revision, position = '', type, domain, subject = '' } = event;
    const key = `${domain}.${subject}`;
    const place = { fact: type, stream, revision: String(revision), position };
    add(
      this.#options.topics.context(said.context),
      CloudEventMessage.write(key, { ...said.attributes, ...place }, said.data),
    );
    if (said.isPublic)
      add(this.#options.topics.public(domain), CloudEventMessage.write(key, said.attributes, said.data));
  }

  async #require(topics: readonly string[]): Promise<void> {
    const unknown = topics.filter((topic) => !this.#known.has(topic));
    if (unknown.length === 0) return;
    await createTopics(this.#options.kafka, unknown);
    for (const topic of unknown) this.#known.add(topic);
  }
}

const waitAfter = (failures: number): number => Math.min(FIRST_WAIT * 2 ** failures, LONGEST_WAIT);

/** Commits what was sent, or takes it back. */
async function finish(transaction: Transaction, send: () => Promise<unknown>): Promise<void> {
  try {
    await send();
  } catch (error) {
    await transaction.abort().catch(() => undefined); // the broker takes it back by itself when its time is over
    throw error;
  }
  await transaction.commit();
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
