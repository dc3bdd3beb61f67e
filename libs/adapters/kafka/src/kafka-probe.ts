import type { Admin, Kafka } from 'kafkajs';
import { soon } from './soon.ts';

/** An answer is good for so long: whoever asks for health does not ask the brokers each time. */
const GOOD_MS = 1_000;

/** Asks whether the brokers answer. */
export class KafkaProbe {
  readonly #admin: Admin;
  #asked: { readonly at: number; readonly answer: Promise<void> } | undefined;

  constructor(kafka: Kafka) {
    this.#admin = kafka.admin({ retry: { retries: 0 } });
  }

  /** @throws where they do not */
  check(): Promise<void> {
    if (!this.#asked || performance.now() - this.#asked.at > GOOD_MS)
      this.#asked = { at: performance.now(), answer: this.#ask() };
    return this.#asked.answer;
  }

  async close(): Promise<void> {
    await this.#admin.disconnect();
  }

  async #ask(): Promise<void> {
    await soon(this.#admin.connect().then(() => this.#admin.describeCluster()));
  }
}
