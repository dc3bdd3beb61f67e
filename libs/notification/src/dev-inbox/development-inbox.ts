import type { NoticeChannel } from '@sparekey/contracts';
import type { Message, Sender } from '../ports/index.ts';

export interface Received extends Message {
  readonly channel: NoticeChannel;
  /** Unix milliseconds. */
  readonly at: number;
}

const KEEP = 200;

/** Takes what would have gone out, in the demo: in memory, the last two hundred, and nowhere else. */
export class DevelopmentInbox {
  readonly #messages = new Map<string, Received>();

  constructor(private readonly now: () => number) {}

  /** Newest first. */
  get messages(): readonly Received[] {
    return [...this.#messages.values()].toReversed();
  }

  senders(): Sender[] {
    return (['email', 'sms'] as const).map((channel) => ({
      channel,
      lanes: 8,
      send: async (message) => this.#take(channel, message),
      close: async () => undefined,
    }));
  }

  #take(channel: NoticeChannel, message: Message): void {
    if (this.#messages.has(message.id)) return;
    this.#messages.set(message.id, { ...message, channel, at: this.now() });
    const [oldest] = this.#messages.keys();
    if (this.#messages.size > KEEP) this.#messages.delete(oldest!);
  }
}
