import { fileURLToPath } from 'node:url';
import { Fleet, freePort, type Member } from '@sparekey/hosting/fleet';
import { SeparateServices, type ServicesOptions } from './separate-services.ts';
import { StandInProcess } from './stand-in-process.ts';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

interface ProcessesOptions extends ServicesOptions {
  readonly replicas?: Partial<Record<Member, number>>;
  /** For browsers: its public address is where the gateway listens. */
  readonly inBrowsers?: true;
}

/** Every service as a process of its own; where no log is named, beside a stand-in that faults can be ordered of. */
export class ServiceProcesses extends SeparateServices<Fleet, ProcessesOptions> {
  #standIn: StandInProcess | undefined;

  static async start(options: ProcessesOptions): Promise<ServiceProcesses> {
    const services = new ServiceProcesses(options);
    await services.start();
    return services;
  }

  get fleet(): Fleet {
    return this.crew;
  }

  /** Where no log was named. */
  get standIn(): StandInProcess | undefined {
    return this.#standIn;
  }

  protected override hostAt(url: string): string {
    return this.options.inBrowsers ? new URL(url).host : super.hostAt(url);
  }

  protected async openLog(): Promise<string> {
    if (this.options.eventStoreUrl !== undefined) return this.options.eventStoreUrl;
    this.#standIn = await StandInProcess.start({
      directory: `${this.path}/eventstoredb`,
      onOutput: (text) => this.output.push(`stand-in ${text}`),
    });
    return this.#standIn.url;
  }

  protected override async closeLog(): Promise<void> {
    await this.#standIn?.stop();
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
}
