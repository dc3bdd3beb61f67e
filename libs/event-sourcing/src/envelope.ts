import type { DomainEvent } from './decider.ts';

/** Who made it happen. `id` is opaque: a token's id, a user's id, a service's name; never an address. */
export interface Actor {
  readonly kind: 'operator' | 'administrator' | 'service' | 'user' | 'system';
  readonly id: string;
}

/** What the causing request says of every event it leads to. */
export interface Origin {
  /** Identity domain. */
  readonly domain: string;
  /** The user it is about, absent where it is about the domain itself. */
  readonly subject?: string;
  readonly actor: Actor;
  /** The session of the reference sign-in service in which it was asked for, where it was one. */
  readonly sessionId?: string;
  /** One id for everything that follows from one outer request. */
  readonly correlationId: string;
  /** W3C Trace Context header of that request. */
  readonly traceparent?: string;
}

/** One name for whoever asks, as far as work is shared out. */
export const askerOf = ({ domain, actor }: Pick<Origin, 'domain' | 'actor'>): string =>
  `${domain}.${actor.kind}.${actor.id}`;

/** An event on its way into a stream. */
export interface EventRecord extends Origin {
  /** UUID, unique in all streams: derived from the command, see `eventIds`. */
  readonly id: string;
  readonly type: string;
  /** Version of the shape of `data`, from 1. */
  readonly version: number;
  /** When it was decided, Unix milliseconds. */
  readonly time: number;
  /** The command (or, for listeners, the event) that led to it. */
  readonly causationId: string;
  readonly data: object;
}

/** An event as the store gives it back. */
export interface StoredEvent extends EventRecord {
  readonly stream: string;
  /** Place in its stream, from 0, without gaps. */
  readonly revision: number;
  /** Place in the whole log; opaque, comparable only by the store that gave it; only from `readAll`. */
  readonly position?: string;
}

/** A stored event whose data has the newest version's shape. */
export type Envelope<E extends DomainEvent = DomainEvent> = StoredEvent & E;
