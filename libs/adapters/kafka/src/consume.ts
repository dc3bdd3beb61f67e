import { pause, type Delivery } from '@sparekey/event-sourcing';
import type { Admin, Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import { Commits } from './commits.ts';
import { LastingTrouble } from './lasting-trouble.ts';
import { soon } from './soon.ts';
import { createTopics } from './topics.ts';

export interface ConsumeOptions {
  readonly kafka: Kafka;
  readonly groupId: string;
  /** Made where they are not there yet: which process comes first does not matter. */
  readonly topics: readonly string[];
  readonly fromBeginning: boolean;
  /** Handles a batch; what it throws has the batch delivered again. */
  readonly eachBatch: (payload: EachBatchPayload) => Promise<void>;
  readonly onTrouble: (cause: string) => void;
  /** The consumer came to its end and does not come back: the process should not go on as if it heard. */
  readonly onDead: (cause: Error) => void;
  readonly partitionsAtOnce?: number;
  /** It reads everything from the beginning whenever it is given its partitions. */
  readonly keepsNoPlace?: boolean;
  /** Whether the group gave it any partitions. */
  readonly onAssigned?: (isAny: boolean) => void;
}

const FIRST_WAIT = 200;
const LONGEST_WAIT = 5_000;

/** A consumer that is connected as soon as there is a broker, and whose end does not go unseen. */
export class SteadyConsumer {
  readonly #options: ConsumeOptions;
  readonly #consumer: Consumer;
  readonly #admin: Admin;
  readonly #stop = new AbortController();
  readonly #trouble: LastingTrouble;
  readonly #commits: Commits;
  #starting: Promise<void> | undefined;

  constructor(options: ConsumeOptions) {
    this.#options = options;
    const { kafka, groupId, onDead, onTrouble } = options;
    this.#trouble = new LastingTrouble(onTrouble);
    this.#commits = new Commits((cause) => onTrouble(`what was handled could not be committed: ${cause}`));
    this.#admin = kafka.admin({ retry: { retries: 0 } });
    this.#consumer = kafka.consumer({
      groupId,
      readUncommitted: false,
      sessionTimeout: 6_000, // the least that brokers take: so long nobody stands in for a process that was killed
      heartbeatInterval: 1_000,
      maxWaitTimeInMs: 500,
      retry: { restartOnFailure: async () => !this.#stop.signal.aborted },
    });
    this.#consumer.on('consumer.group_join', ({ payload: { memberAssignment } }) => {
      this.#trouble.isOver();
      options.onAssigned?.(Object.values(memberAssignment).some((partitions) => partitions.length > 0));
    });
    this.#consumer.on('consumer.rebalancing', () => {
      this.#commits.now();
      options.onAssigned?.(false);
    });
    this.#consumer.on('consumer.crash', ({ payload: { error, restart } }) => {
      this.#commits.forget();
      if (this.#stop.signal.aborted) return;
      if (restart) this.#trouble.begins(error.message);
      else onDead(error);
    });
  }

  start(): void {
    this.#starting ??= this.#start();
  }

  /** @throws where the brokers do not answer soon */
  lag(): Promise<number> {
    return soon(this.#countBehind());
  }

  async #countBehind(): Promise<number> {
    const { groupId, topics } = this.#options;
    await this.#admin.connect();
    const reached = await this.#admin.fetchOffsets({ groupId, topics: [...topics] });
    const perTopic = reached.map(async ({ topic, partitions }) => {
      const ends = await this.#admin.fetchTopicOffsets(topic);
      const endOf = new Map(ends.map(({ partition, high, low }) => [partition, { high, low }]));
      return partitions.map(({ partition, offset }) => {
        const { high = '0', low = '0' } = endOf.get(partition) ?? {};
        return Number(high) - Math.max(Number(offset), Number(low));
      });
    });
    return (await Promise.all(perTopic)).flat().reduce((sum, one) => sum + one, 0);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#trouble.isOver();
    await this.#starting;
    await soon(this.#commits.stop()).catch(() => undefined); // else it is delivered again
    await this.#consumer.disconnect();
    await this.#admin.disconnect();
  }

  /** A broker that has just started has no coordinators yet, and a consumer that finds none is at its end. @throws then */
  async #coordinator(): Promise<void> {
    await this.#admin.connect();
    await this.#admin.describeGroups([this.#options.groupId]);
  }

  async #start(): Promise<void> {
    const { kafka, topics, fromBeginning, eachBatch } = this.#options;
    const { partitionsAtOnce = 4, keepsNoPlace = false } = this.#options;
    for (let failures = 0; !this.#stop.signal.aborted; failures++) {
      try {
        await createTopics(kafka, topics);
        await this.#coordinator();
        await this.#consumer.connect();
        await this.#consumer.subscribe({ topics: [...topics], fromBeginning });
        await this.#consumer.run({
          eachBatch: async (payload) => {
            await eachBatch(payload);
            if (!keepsNoPlace) this.#commits.soon(payload);
          },
          eachBatchAutoResolve: false,
          autoCommit: false,
          partitionsConsumedConcurrently: partitionsAtOnce,
        });
        return;
      } catch (error) {
        this.#trouble.begins((error as Error).message);
        const wait = Math.min(FIRST_WAIT * 2 ** failures, LONGEST_WAIT);
        await pause(wait, this.#stop.signal);
      }
    }
  }
}

const BEAT_MS = 1_000;

/** Handles a batch, in order for each key, and passes it when all of it is done; what was left out is delivered again. */
export async function handleBatch(
  payload: EachBatchPayload,
  delivery: Delivery,
  handle: (message: KafkaMessage) => Promise<void>,
): Promise<void> {
  const { messages } = payload.batch;
  await keepBeating(payload, () => delivery.all(messages, ({ key }) => String(key), handle));
  if (delivery.stopped.aborted || !payload.isRunning() || payload.isStale()) return;
  payload.resolveOffset(payload.batch.lastOffset());
}

/** Keeps the consumer in its group while a batch takes long. @throws what a heartbeat threw: the group is another now */
async function keepBeating(payload: EachBatchPayload, work: () => Promise<void>): Promise<void> {
  let fault: unknown;
  const beat = setInterval(() => {
    payload.heartbeat().catch((error: unknown) => (fault ??= error));
  }, BEAT_MS);
  try {
    await work();
  } finally {
    clearInterval(beat);
  }
  if (fault !== undefined) throw fault as Error;
}
