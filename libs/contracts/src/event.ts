import type { DomainEvent, EventShape } from '@sparekey/event-sourcing';
import Type, { type Static, type TObject, type TProperties } from 'typebox';
import { Compile } from 'typebox/compile';
import { USER_ID } from './streams.ts';

/** An event type of the public language: its name and version are the storage format and never follow a refactoring. */
export interface EventType<
  Name extends string = string,
  Schema extends TObject = TObject,
> extends EventShape {
  readonly type: Name;
  /** JSON Schema of the newest version's data. */
  readonly schema: Schema;
  /** Not a fact but a help for reading: never published, audited or hashed. */
  readonly summary?: boolean;
}

/** The domain event that an event type describes. */
export type EventOf<T> =
  T extends EventType<infer Name, infer Schema> ? DomainEvent<Name, Static<Schema>> : never;

/** Defines version 1 of an event. A later version names its number and the upcasters from every earlier one. */
export function event<Name extends string, Properties extends TProperties>(
  type: Name,
  properties: Properties,
  later: { version?: number; upcasters?: EventShape['upcasters']; summary?: boolean } = {},
): EventType<Name, TObject<Properties>> {
  const schema = Type.Object(properties, { additionalProperties: false });
  const validator = Compile(schema);
  return { type, version: 1, schema, accepts: (data) => validator.Check(data), ...later };
}

/** A sealed value and the id of the event it was sealed into. */
export interface SealedAt {
  readonly value: string;
  readonly eventId: string;
}

/** A value sealed for one class; personal data and secrets stand in events in no other way. */
export const sealed = (sealClass: 'contact' | 'factor' | 'codes' | 'password' | 'message' | 'context') =>
  Type.String({ pattern: '^[1-9][0-9]*\\.[A-Za-z0-9_-]+$', 'x-sealed': sealClass });

/** What a kind of factor keeps in clear with each factor. */
export const parameters = () => Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]));
export const uuid = () => Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' });
/** In hexadecimal digits. */
export const sha256 = () => Type.String({ pattern: '^[0-9a-f]{64}$' });
/** HMAC-SHA-256 under the installation's own key, in hexadecimal digits: finds what must not be kept by name. */
export const blindIndex = () => Type.String({ pattern: '^[0-9a-f]{64}$' });
/** A user of the event's domain. */
export const user = () => Type.String({ pattern: USER_ID.source });
/** Unix milliseconds. */
export const timestamp = () => Type.Integer({ minimum: 0 });
/** An id, a closed word or what an organisation (never a person) is called. */
export const identifier = (maxLength = 128) => Type.String({ minLength: 1, maxLength });
export const count = () => Type.Integer({ minimum: 0 });
export const oneOf = <const Words extends readonly string[]>(...words: Words) =>
  Type.Unsafe<Words[number]>(Type.Union(words.map((text) => Type.Literal(text))));
