import { STAND_IN_MAIN } from '@sparekey/eventstoredb-stand-in';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Fleet, freePort, Supervised, type Member } from '@sparekey/hosting/fleet';
import { SeparateServices, type ServicesOptions } from './separate-services.ts';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

interface ProcessesOptions extends ServicesOptions {
  readonly replicas?: Partial<Record<Member, number>>;
  /** For browsers: its public address is where the gateway listens. */
  readonly inBrowsers?: true;
}

/** Every service as a process of its own; where no log is named, beside a stand-in that faults can be ordered of. */
export class ServiceProcesses extends SeparateServices<Fleet, ProcessesOptions> {
  #standIn: Supervised | undefined;
  #standInControl = 0;

  static async start(options: ProcessesOptions): Promise<ServiceProcesses> {
    const services = new ServiceProcesses(options);
    await services.start();
    return services;
  }

  get fleet(): Fleet {
    return this.crew;
  }

  get standIn(): Supervised | undefined {
    return this.#standIn;
  }

  /** Orders a fault of the stand-in; with a real server there is none to order. */
  async standInFault(order: object): Promise<void> {
    await this.#order(order);
  }

  /** How many calls reached the stand-in since it was asked last. */
  async storeCalls(): Promise<{ readonly read: number; readonly write: number }> {
    const answer = await this.#order({ order: 'count-calls' });
    return ((await answer.json()) as { done: { read: number; write: number } }).done;
  }

  #order(order: object): Promise<Response> {
    const url = `http://127.0.0.1:${this.#standInControl}/`;
    return fetch(url, { method: 'POST', body: JSON.stringify(order) });
  }

  protected override hostAt(url: string): string {
    return this.options.inBrowsers ? new URL(url).host : super.hostAt(url);
  }

  protected async openLog(): Promise<string> {
    return this.options.eventStoreUrl ?? (await this.#startStandIn());
  }

  protected override async closeLog(): Promise<void> {
    await this.#standIn?.end();
  }

  protected async launch(
    environment: Readonly<Record<string, string>>,
    environmentOf: (member: Member) => Readonly<Record<string, string>>,
  ): Promise<Fleet> {
    const { replicas = {}, startsAt, inBrowsers } = this.options;
    const port = await freePort();
    const isTimed = (member: Member) => startsAt !== undefined && member !== 'relay' && member !== 'gateway';
    const fleet = await Fleet.start({
      main: (member) =>
        isTimed(member)
          ? `${ROOT}/libs/testing/dist/services/service-with-clock.js`
          : `${ROOT}/apps/${member}/dist/main.js`,
      arguments: (member) =>
        isTimed(member) ? [`${ROOT}/apps/${member}/dist/service.js`, `${this.path}/clock`] : [],
      environment,
      environmentOf,
      port,
      publicUrl: inBrowsers ? `http://localhost:${port}` : 'http://localhost:4000',
      replicas,
      restarts: true,
      onOutput: (member, text) => this.output.push(`${member} ${text}`),
    });
    try {
      await fleet.ready();
      return fleet;
    } catch (error) {
      await fleet.stop();
      throw error;
    }
  }

  async #startStandIn(): Promise<string> {
    const [port, control] = [await freePort(), await freePort()];
    this.#standInControl = control;
    const directory = `${this.path}/eventstoredb`;
    mkdirSync(directory, { mode: 0o700 });
    const started = Promise.withResolvers<void>();
    this.#standIn = new Supervised({
      main: STAND_IN_MAIN,
      arguments: ['--directory', directory, '--port', String(port), '--control-port', String(control)],
      environment: {},
      restarts: true,
      onOutput: (text) => {
        this.output.push(`stand-in ${text}`);
        if (text.includes('esdb://')) started.resolve();
      },
    });
    this.#standIn.start();
    await started.promise;
    return `esdb://127.0.0.1:${port}?tls=false`;
  }
}
