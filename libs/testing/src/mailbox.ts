import type { World } from './in-process.ts';

/** What a world has sent, read as people read it. */
export class Mailbox {
  #seen = 0;

  constructor(private readonly world: World) {}

  /** What was sent since the last time, oldest first. */
  async news() {
    await this.world.sent();
    const all = this.world.inbox.messages.toReversed();
    const news = all.slice(this.#seen);
    this.#seen = all.length;
    return news;
  }
}

/** The handle behind the link by which somebody says that it was not them; nothing where the text has none. */
export const linkIn = (text: string): string | undefined =>
  /http:\/\/localhost:4000\/notice#(\S+)/.exec(text)?.[1];
