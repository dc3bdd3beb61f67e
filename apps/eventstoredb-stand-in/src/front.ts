import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** The connections to a server as its machine has them: they can stand still as with SIGSTOP, and break as with SIGKILL. */
export class Front {
  readonly port: number;
  readonly #to: number;
  readonly #pairs = new Set<readonly [outside: Socket, inside: Socket]>();
  #listener: Server;
  #isFrozen = false;

  private constructor(listener: Server, to: number) {
    this.#listener = listener;
    this.#to = to;
    this.port = (listener.address() as AddressInfo).port;
    this.#accept();
  }

  /** @param to the port of the server on this machine @param port where it listens; any free one where 0 */
  static async open(to: number, port = 0): Promise<Front> {
    return new Front(await listen(port), to);
  }

  /** How many connections there are. */
  get size(): number {
    return this.#pairs.size;
  }

  /** Connections are taken, and nothing comes through any of them. */
  freeze(): void {
    this.#isFrozen = true;
    for (const [outside, inside] of this.#pairs) {
      outside.unpipe(inside).pause();
      inside.unpipe(outside).pause();
    }
  }

  thaw(): void {
    this.#isFrozen = false;
    for (const [outside, inside] of this.#pairs) outside.pipe(inside).pipe(outside);
  }

  /** Breaks all connections, and takes none. */
  async break(): Promise<void> {
    for (const [outside, inside] of this.#pairs) {
      outside.resetAndDestroy();
      inside.destroy();
    }
    if (this.#listener.listening) await new Promise((closed) => this.#listener.close(closed));
  }

  /** Takes connections again. */
  async mend(): Promise<void> {
    this.#listener = await listen(this.port);
    this.#isFrozen = false;
    this.#accept();
  }

  #accept(): void {
    this.#listener.on('connection', (outside) => {
      const inside = connect(this.#to, '127.0.0.1');
      const pair = [outside, inside] as const;
      this.#pairs.add(pair);
      outside.once('close', () => {
        inside.destroy();
        this.#pairs.delete(pair);
      });
      inside.once('close', () => outside.destroy());
      for (const socket of pair) socket.on('error', () => undefined); // it closes
      if (!this.#isFrozen) outside.pipe(inside).pipe(outside);
    });
  }
}

async function listen(port: number): Promise<Server> {
  const listener = createServer({ noDelay: true }).listen(port, '127.0.0.1');
  await once(listener, 'listening');
  return listener;
}
