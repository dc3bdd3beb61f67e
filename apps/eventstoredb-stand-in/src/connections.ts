import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** The connections of clients, each of which can be cut at will. */
export class Connections {
  readonly port: number;
  readonly #listener: Server;
  readonly #sockets: Map<string, Socket>;

  private constructor(listener: Server, sockets: Map<string, Socket>) {
    this.#listener = listener;
    this.#sockets = sockets;
    this.port = (listener.address() as AddressInfo).port;
  }

  /** @param accept is given every connection that comes in */
  static async listen(port: number, host: string, accept: (socket: Socket) => void): Promise<Connections> {
    const sockets = new Map<string, Socket>();
    const listener = createServer({ noDelay: true }, (socket) => {
      const peer = `${socket.remoteAddress}:${socket.remotePort}`;
      sockets.set(peer, socket);
      socket.once('close', () => sockets.delete(peer));
      accept(socket);
    });
    listener.listen(port, host);
    await once(listener, 'listening');
    return new Connections(listener, sockets);
  }

  /** Cuts the connection of that peer, or of all. @returns how many that were */
  drop(peer?: string): number {
    const cut = [...this.#sockets].filter(([other]) => peer === undefined || other === peer);
    for (const [, socket] of cut) socket.destroy();
    return cut.length;
  }

  async allClosed(): Promise<void> {
    const closed = (socket: Socket) => new Promise((resolve) => socket.once('close', resolve));
    await Promise.all([...this.#sockets.values()].map(closed));
  }

  /** Accepts no more. */
  close(): void {
    this.#listener.close();
  }
}
