import { countBehind, LogDamaged } from '@sparekey/event-sourcing';
import { Gauge } from 'prom-client';
import type { EventTransport, Metrics, Ports } from '@sparekey/platform';

/** How far behind the log everything is that follows it. */
export interface FollowerStatus {
  /** Events that the room has not looked at yet. */
  readonly rooms: Readonly<Record<string, { readonly behind: number } | Faulty>>;
  readonly parked: number;
  readonly projections: Readonly<Record<string, Projection | Faulty>>;
}

interface Projection {
  readonly behind: number;
  readonly state: string;
  readonly checksum: string;
}

interface Faulty {
  readonly fault: string;
  /** It does not go on by itself: the log is not the one that it followed. */
  readonly isLost?: true;
}

/**
 * Tells, in health and metrics, how listeners and read models stand: those of this process. Figures are no reason to follow the
 * log. Asked for, never on the way of a request.
 */
export class LagReporter {
  constructor(
    private readonly ports: Pick<Ports, 'store' | 'listenerState' | 'views'>,
    private readonly transport: Pick<EventTransport, 'rooms' | 'lag'>,
    { registry }: Metrics,
    private readonly kept?: readonly string[],
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
        for (const [name, told] of Object.entries(await this.#projections()))
          if ('behind' in told) behind.labels(name).set(told.behind);
      },
    );
    gauge(
      'sparekey_projection_checksum',
      'First 48 bits of the checksum over all rows',
      ['projection'],
      async (sum) => {
        for (const [name, told] of Object.entries(await this.#projections()))
          if ('checksum' in told) sum.labels(name).set(Number.parseInt(told.checksum.slice(0, 12), 16));
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
    const rooms = this.transport.rooms.map(async (room) => [room, await this.#lag(room)] as const);
    return Object.fromEntries(await Promise.all(rooms));
  }

  #lag(room: string): Promise<{ behind: number } | Faulty> {
    return this.transport.lag(room).then((behind) => ({ behind }), faulty);
  }

  async #projections(): Promise<FollowerStatus['projections']> {
    if (this.kept?.length === 0) return {};
    const generations = await this.ports.views.generations();
    const current = generations.filter(
      ({ name, state }) => state !== 'retired' && (this.kept?.includes(name) ?? true),
    );
    const projections = current.map(async ({ name, position, state, checksum }) => {
      const told = await countBehind(this.ports.store, position ?? undefined).then(
        (behind) => ({ behind, state, checksum }),
        faulty,
      );
      return [name, told, state] as const;
    });
    const read = await Promise.all(projections);
    // where one is being made anew, the one that is read counts
    const inOrder = read.toSorted(([, , a], [, , b]) => a.localeCompare(b));
    return Object.fromEntries(inOrder.map(([name, told]) => [name, told]));
  }
}

const faulty = (error: Error): Faulty => ({
  fault: error.message,
  ...(error instanceof LogDamaged && { isLost: true }),
});

/** @returns why somebody who follows the log cannot go on in it, by name */
export function lostIn({ rooms, projections }: FollowerStatus): Record<string, string> {
  const all = Object.entries({ ...projections, ...rooms });
  return Object.fromEntries(
    all.flatMap(([name, told]) => ('isLost' in told ? [[name, told.fault] as const] : [])),
  );
}
