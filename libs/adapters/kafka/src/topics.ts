import type { Kafka } from 'kafkajs';

/**
 * Topics: one for what each context says, to Sparekey itself; one a domain for its internal services; one on which those
 * speak; one in which the relay keeps its place.
 */
export class Topics {
  readonly #prefix: string;

  /** @param namespace where several installations share a broker: what their names begin with */
  constructor(namespace = '') {
    this.#prefix = namespace === '' ? 'sparekey' : `${namespace}.sparekey`;
  }

  context(context: string): string {
    return `${this.#prefix}.${context}.v1`;
  }

  public(domain: string): string {
    return `${this.#prefix}.public.${domain}.v1`;
  }

  get signIns(): string {
    return `${this.#prefix}.sign-ins.v1`;
  }

  /** How far the relay has come; only the newest word counts. */
  get position(): string {
    return `${this.#prefix}.relay.position.v1`;
  }

  /** The name of a consumer group or a transactional id. */
  group(name: string): string {
    return `${this.#prefix}.${name}`;
  }
}

/** People are spread over so many partitions; it never changes, or the order of one person's events would break. */
const PARTITIONS = 6;

/** @param only as long as it takes: those that are there are left as they are */
export async function createTopics(kafka: Kafka, topics: readonly string[]): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const known = new Set(await admin.listTopics());
    const missing = topics.filter((topic) => !known.has(topic));
    if (missing.length === 0) return;
    await admin.createTopics({ waitForLeaders: true, topics: missing.map(settingsOf) });
  } finally {
    await admin.disconnect();
  }
}

const POSITION = { 'cleanup.policy': 'compact', 'segment.ms': '600000', 'min.cleanable.dirty.ratio': '0.1' };
/** A room that was away for long, or is new, hears everything: delay, never loss. */
const CONTEXT = { 'retention.ms': '-1' };

function settingsOf(topic: string) {
  const isPosition = topic.endsWith('.position.v1');
  const isForOthers = /sparekey\.(public\..+|sign-ins)\.v1$/.test(topic);
  const config: Readonly<Record<string, string>> = isPosition ? POSITION : isForOthers ? {} : CONTEXT;
  return {
    topic,
    numPartitions: isPosition ? 1 : PARTITIONS,
    configEntries: Object.entries(config).map(([name, value]) => ({ name, value })),
  };
}
