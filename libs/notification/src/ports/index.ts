import type { NoticeChannel } from '@sparekey/contracts';

/** What goes out to one address. */
export interface Message {
  /** 32 hexadecimal digits, the same however often this message is tried: Message-ID, idempotency key. */
  readonly id: string;
  readonly to: string;
  /** E-mail only. */
  readonly subject: string;
  readonly text: string;
  /** E-mail only: the same in simple HTML. */
  readonly html: string;
}

/**
 * Hands messages to a provider. Every adapter passes `senderContract`.
 *
 * `send` resolves when the provider has taken the message.
 */
export interface Sender {
  readonly channel: NoticeChannel;
  /**
   * Messages handed over at once. A provider that sends a repeated message a second time gets one at a time, so that a
   * process that is killed leaves one in doubt, and no more.
   */
  readonly lanes: number;
  /**
   * @param signal gives up, with what happened unknown
   * @throws MessageRefused for good
   * @throws ProviderUnavailable nobody is served now
   * @throws Error this message is not taken now, or it is unknown whether it was
   */
  send(message: Message, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** The provider will never take this message: trying again is of no use. */
export class MessageRefused extends Error {
  override readonly name = 'MessageRefused';
}

/** The provider is not reached, or takes nothing now. */
export class ProviderUnavailable extends Error {
  override readonly name = 'ProviderUnavailable';
}
