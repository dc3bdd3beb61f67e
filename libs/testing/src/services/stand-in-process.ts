import { mkdirSync } from 'node:fs';
import { STAND_IN_MAIN } from '@sparekey/eventstoredb-stand-in';
import { freePort, Supervised } from '@sparekey/hosting/fleet';

interface StandInOptions {
  /** Where its file is; made where it is not there. */
  readonly directory: string;
  readonly onOutput?: (text: string) => void;
}

/** The stand-in for EventStoreDB as a process of its own, which comes back when it is killed. */
export class StandInProcess {
  readonly url: string;
  readonly process: Supervised;
  readonly #control: string;

  private constructor(process: Supervised, port: number, control: number) {
    this.process = process;
    this.url = `esdb://127.0.0.1:${port}?tls=false`;
    this.#control = `http://127.0.0.1:${control}/`;
  }

  static async start({ directory, onOutput }: StandInOptions): Promise<StandInProcess> {
    const [port, control] = [await freePort(), await freePort()];
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const started = Promise.withResolvers<void>();
    const process = new Supervised({
      main: STAND_IN_MAIN,
      arguments: ['--directory', directory, '--port', String(port), '--control-port', String(control)],
      environment: {},
      restarts: true,
      onOutput: (text) => {
        onOutput?.(text);
        if (text.includes('esdb://')) started.resolve();
      },
    });
    process.start();
    await started.promise;
    return new StandInProcess(process, port, control);
  }

  /** @returns what came of it @throws where it is no order */
  async order<T = unknown>(order: object): Promise<T> {
    const answer = await fetch(this.#control, { method: 'POST', body: JSON.stringify(order) });
    const { done, error } = (await answer.json()) as { done: T; error?: string };
    if (error !== undefined) throw new Error(`the stand-in: ${error}`);
    return done;
  }

  async stop(): Promise<void> {
    await this.process.end();
  }
}
