import type { DomainEvent } from './decider.ts';
import type { Envelope, StoredEvent } from './envelope.ts';

type Lift = (data: never) => object;

/** What the codec must know of one type of event. */
export interface EventShape {
  readonly type: string;
  /** The newest version. */
  readonly version: number;
  /** Says whether data has the newest version's shape, with no field beside it. */
  readonly accepts: (data: unknown) => boolean;
  /** `upcasters[n]` lifts data of version n to version n + 1; one for every version before the newest. */
  readonly upcasters?: Readonly<Record<number, Lift>>;
}

/** An event's data does not have the shape its type promises: a fault in the program, never in a request. */
export class MalformedEvent extends Error {
  override readonly name = 'MalformedEvent';

  constructor(
    readonly type: string,
    reason: string,
  ) {
    super(`${type}: ${reason}`); // never the data: it may be what must not be seen
  }
}

/**
 * Turns facts into records of the newest version, and whatever is stored into facts of the newest version.
 * Nobody behind it ever sees an older shape.
 */
export class Codec {
  readonly #shapes: ReadonlyMap<string, EventShape>;

  constructor(shapes: readonly EventShape[]) {
    this.#shapes = new Map(shapes.map((shape) => [shape.type, shape]));
    if (this.#shapes.size !== shapes.length) throw new Error('two event types have one name');
    for (const shape of shapes) {
      for (let version = 1; version < shape.version; version++) {
        if (!shape.upcasters?.[version]) throw new MalformedEvent(shape.type, `no upcaster from ${version}`);
      }
    }
  }

  /** @throws MalformedEvent so that nothing outside its schema is ever written */
  encode(event: DomainEvent): { type: string; version: number; data: object } {
    const shape = this.#shapes.get(event.type);
    if (!shape) throw new MalformedEvent(event.type, 'unknown type');
    if (!shape.accepts(event.data))
      throw new MalformedEvent(event.type, `data is not of version ${shape.version}`);
    return { type: event.type, version: shape.version, data: event.data };
  }

  /** @throws MalformedEvent where the type is unknown or newer than this program */
  decode(stored: StoredEvent): Envelope {
    const shape = this.#shapes.get(stored.type);
    if (!shape) throw new MalformedEvent(stored.type, 'unknown type');
    if (stored.version > shape.version)
      throw new MalformedEvent(stored.type, `version ${stored.version} is from the future`);
    if (stored.version === shape.version) return stored;
    let data = stored.data;
    for (let version = stored.version; version < shape.version; version++) {
      data = shape.upcasters![version]!(data as never);
    }
    return { ...stored, version: shape.version, data };
  }
}
