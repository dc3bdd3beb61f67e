import type { EventStore } from '@sparekey/event-sourcing';
import type { Api } from './api.ts';
import type { TestClock } from './fixed-clock.ts';
import { World } from './in-process.ts';
import type { ServiceContainers } from './containers/index.ts';
import type { ServiceProcesses } from './services/index.ts';

/** Where a scenario takes place: one process, or all services apart. It tells no difference. */
export interface Place {
  readonly operatorToken: string;
  readonly clock: TestClock;
  /** The log itself, to look into. */
  readonly store: Pick<EventStore, 'read' | 'readAll' | 'countAfter'>;
  start(): Promise<{ readonly api: Api }>;
  /** Waits until rooms have heard and read models show everything that has happened. */
  settle(): Promise<void>;
  /** Waits until no notice is on its way any more, either. */
  sent(): Promise<void>;
  close(): Promise<void>;
}

/** `SPAREKEY_TEST_ON` takes every scenario to the separate services: as `services` on this machine, or in `containers`. */
/** @param environment that processes are given, where there are some */
export function newPlace(environment: Readonly<Record<string, string>> = {}): Place {
  const { SPAREKEY_TEST_ON: on = 'one process' } = process.env;
  if (on === 'one process') return new World();
  if (on === 'services' || on === 'containers') return new Apart(on, environment);
  throw new Error(`SPAREKEY_TEST_ON: there is no place "${on}"`);
}

const BEGINS = Date.UTC(2026, 2, 1, 12);

/** The separate services on real servers; what they need is loaded when they are started. */
class Apart implements Place {
  #services: ServiceProcesses | ServiceContainers | undefined;

  constructor(
    private readonly on: 'services' | 'containers',
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  async start(): Promise<{ readonly api: Api }> {
    this.#services ??=
      this.on === 'services' ? await startProcesses(this.environment) : await startContainers();
    return { api: this.#services.api };
  }

  get operatorToken(): string {
    return this.#services!.operatorToken;
  }

  get clock() {
    return this.#services!.clock;
  }

  get store() {
    return this.#services!.store;
  }

  settle(): Promise<void> {
    return this.#services!.settle();
  }

  sent(): Promise<void> {
    return this.#services!.settle(); // the notices that are on their way are among what is waited for
  }

  async close(): Promise<void> {
    await this.#services?.close();
  }
}

async function startProcesses(environment: Readonly<Record<string, string>>): Promise<ServiceProcesses> {
  const { ServiceProcesses, servicesHere } = await import('./services/index.ts');
  const here = servicesHere();
  if (typeof here === 'string') throw new Error(here);
  return ServiceProcesses.start({
    ...here,
    environment,
    replicas: { verification: 2 },
    startsAt: BEGINS,
  });
}

async function startContainers(): Promise<ServiceContainers> {
  const { ServiceContainers, containersHere } = await import('./containers/index.ts');
  const here = containersHere();
  if (typeof here === 'string') throw new Error(here);
  return ServiceContainers.start({ ...here, startsAt: BEGINS });
}
