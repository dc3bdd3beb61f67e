import { countBehind } from '@sparekey/event-sourcing';
import { Gauge } from 'prom-client';
import type { EventTransport } from './listening/event-transport.ts';
import type { Metrics } from './metrics.ts';
import type { Ports } from './ports.ts';

/** How far behind the log everything is that follows it. */
export interface FollowerStatus {
  /** Events that the room has not looked at yet. */
  readonly rooms: Readonly<Record<string, { readonly behind: number } | { readonly fault: string }>>;
  readonly parked: number;
  readonly projections: Readonly<
    Record<string, { readonly behind: number; readonly state: string; readonly checksum: string }>
  >;
}

/** Tells, in health and metrics, how listeners and read models stand. Asked for, never on the way of a request. */
export class Followers {
  constructor(
    private readonly ports: Pick<Ports, 'store' | 'listenerState' | 'views'>,
    private readonly transport: Pick<EventTransport, 'rooms' | 'behind'>,
    { registry }: Metrics,
  ) {
    const gauge = (name: string, help: string, labelNames: string[], read: (gauge: Gauge) => Promise<void>) =>
      new Gauge({
        name,
        help,
        labelNames,
        registers: [registry],
        collect() {
          return read(this);
        },
      });
    gauge('sparekey_parked_events', 'Events that a room could not handle', [], async (parked) =>
      parked.set(await this.ports.listenerState.countParked()),
    );
    gauge(
      'sparekey_listener_behind_events',
      'Events of the log that a room has yet to hear',
      ['room'],
      async (behind) => {
        for (const [room, told] of Object.entries(await this.#rooms()))
          if ('behind' in told) behind.labels(room).set(told.behind);
      },
    );
    gauge(
      'sparekey_projection_behind_events',
      'Events of the log that a read model lacks',
      ['projection'],
      async (behind) => {
        for (const [name, { behind: count }] of Object.entries(await this.#projections()))
          behind.labels(name).set(count);
      },
    );
    gauge(
      'sparekey_projection_checksum',
      'First 48 bits of the checksum over all rows',
      ['projection'],
      async (sum) => {
        for (const [name, { checksum }] of Object.entries(await this.#projections()))
          sum.labels(name).set(Number.parseInt(checksum.slice(0, 12), 16));
      },
    );
  }

  async status(): Promise<FollowerStatus> {
    const [rooms, parked, projections] = await Promise.all([
      this.#rooms(),
      this.ports.listenerState.countParked(),
      this.#projections(),
    ]);
    return { rooms, parked, projections };
  }

  async #rooms(): Promise<FollowerStatus['rooms']> {
    const rooms = this.transport.rooms.map(async (room) => [room, await this.#behind(room)] as const);
    return Object.fromEntries(await Promise.all(rooms));
  }

  async #behind(room: string): Promise<{ behind: number } | { fault: string }> {
    try {
      return { behind: await this.transport.behind(room) };
    } catch (error) {
      return { fault: (error as Error).message };
    }
  }

  async #projections(): Promise<FollowerStatus['projections']> {
    const generations = await this.ports.views.generations();
    const current = generations.filter(({ state }) => state !== 'retired');
    const projections = current.map(async ({ name, position, state, checksum }) => {
      const behind = await countBehind(this.ports.store, position ?? undefined);
      return [name, { behind, state, checksum }] as const;
    });
    const read = await Promise.all(projections);
    // where one is being made anew, the one that is read counts
    return Object.fromEntries(read.toSorted(([, a], [, b]) => a.state.localeCompare(b.state)));
  }
}
