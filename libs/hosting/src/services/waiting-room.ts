import { createServer, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { readiness } from '@sparekey/platform';
import type { Logger } from 'pino';

const FIRST_WAIT = 100;
const LONGEST_WAIT = 2_000;

/**
 * Answers health checks while a service waits for what it cannot begin without: alive, not ready, and why. It gives the
 * port back when {@link close} comes back.
 */
export class WaitingRoom {
  readonly #faults = new Map<string, string>();
  readonly #logger: Logger;
  readonly #server: Server;

  constructor(logger: Logger) {
    this.#logger = logger;
    this.#server = createServer((request, response) => {
      const isLive = request.url === '/health/live';
      const { status, body } = readiness(
        isLive ? {} : { process: 'starting', ...Object.fromEntries(this.#faults) },
      );
      response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
      response.end(JSON.stringify(body));
    });
  }

  /** @throws as the server does where the port cannot be had */
  open(port: number, host: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, resolve);
    });
  }

  /** Tries until it succeeds. */
  async until<T>(name: string, attempt: () => Promise<T>): Promise<T> {
    for (let tries = 0; ; tries++) {
      try {
        const done = await attempt();
        this.#faults.delete(name);
        return done;
      } catch (error) {
        const { message } = error as Error;
        if (this.#faults.get(name) !== message)
          this.#logger.warn({ waitingFor: name, cause: message }, 'waiting');
        this.#faults.set(name, message);
        await sleep(Math.min(FIRST_WAIT * 2 ** tries, LONGEST_WAIT));
      }
    }
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}
