import { Codec, readWhole, type Envelope, type EventStore } from '@sparekey/event-sourcing';
import { ACCESS_EVENTS } from './access-events.ts';
import { ENROLLMENT_EVENTS } from './enrollment-events.ts';
import type { EventType } from './event.ts';
import type { Fact } from './fact.ts';
import { IDENTITY_EVENTS } from './identity-events.ts';
import { INSTALLATION_EVENTS } from './installation-events.ts';
import { NOTIFICATION_EVENTS } from './notification-events.ts';
import { RECOVERY_EVENTS } from './recovery-events.ts';
import { VERIFICATION_EVENTS } from './verification-events.ts';

/** Every event type there is, by the context that says it. */
export const EVENT_CATALOGUE: Readonly<Record<string, readonly EventType[]>> = {
  enrollment: ENROLLMENT_EVENTS,
  recovery: RECOVERY_EVENTS,
  verification: VERIFICATION_EVENTS,
  identity: IDENTITY_EVENTS,
  notification: NOTIFICATION_EVENTS,
  access: ACCESS_EVENTS,
};

/** Writes and reads all of them, and what an installation says of its own keys. */
export const codec = new Codec([...Object.values(EVENT_CATALOGUE).flat(), ...INSTALLATION_EVENTS]);

/** Every fact of a stream, in the newest version's shape. @typeParam F what is said there */
export async function readFacts<F extends Fact>(
  store: Pick<EventStore, 'read'>,
  stream: string,
): Promise<(Envelope & F)[]> {
  return (await readWhole(store, stream)).map((stored) => codec.decode(stored) as Envelope & F);
}
