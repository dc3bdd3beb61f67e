import type { NoticeChannel } from '@sparekey/contracts';
import type { Logger } from 'pino';

const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 300_000;

/** How long to wait before the next try, in milliseconds: a second, and twice as long after each further one. */
export const waitAfter = (times: number) =>
  Math.min(FIRST_WAIT * 2 ** (Math.max(times, 1) - 1), LONGEST_WAIT);

interface Trouble {
  /** Unix milliseconds. */
  readonly until: number;
  readonly times: number;
  readonly reason: string;
}

/** Channels that take nothing now: until when they are left alone, and why. What changes is told once. */
export class ChannelTroubles {
  readonly #troubles = new Map<NoticeChannel, Trouble>();
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  get size(): number {
    return this.#troubles.size;
  }

  has(channel: NoticeChannel): boolean {
    return this.#troubles.has(channel);
  }

  reasonOf(channel: NoticeChannel): string | undefined {
    return this.#troubles.get(channel)?.reason;
  }

  untilOf(channel: NoticeChannel): number {
    return this.#troubles.get(channel)?.until ?? 0;
  }

  /** @returns until when the channel is left alone */
  begins(channel: NoticeChannel, reason: string, now: number): number {
    const before = this.#troubles.get(channel);
    const times = (before?.times ?? 0) + 1;
    const until = now + waitAfter(times);
    this.#troubles.set(channel, { until, times, reason });
    if (before?.reason !== reason)
      this.#logger.error({ channel, reason }, 'a channel takes nothing: all its notices wait');
    return until;
  }

  isOver(channel: NoticeChannel): void {
    if (this.#troubles.delete(channel)) this.#logger.info({ channel }, 'the channel takes messages again');
  }
}
