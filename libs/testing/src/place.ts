import type { EventStore } from '@sparekey/event-sourcing';
import type { Api } from './api.ts';
import type { TestClock } from './fixed-clock.ts';
import { World } from './in-process.ts';
import type { Services } from './services/index.ts';

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

/** `SPAREKEY_TEST_ON=services` takes every scenario to the separate services. */
export const newPlace = (): Place =>
  process.env.SPAREKEY_TEST_ON === 'services' ? new Apart() : new World();

/** The separate services on real servers; what they need is loaded when they are started. */
class Apart implements Place {
  #services: Services | undefined;

  async start(): Promise<{ readonly api: Api }> {
    const { Services, servicesHere } = await import('./services/index.ts');
    const here = servicesHere();
    if (typeof here === 'string') throw new Error(here);
    this.#services ??= await Services.start({ ...here, startsAt: Date.UTC(2026, 2, 1, 12) });
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
