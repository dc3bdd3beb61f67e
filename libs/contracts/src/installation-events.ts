import { event, uuid, identifier } from './event.ts';

/**
 * By this the key ring and the master keys of one class are proven at every start: which ring the log belongs to, and
 * something sealed that only the right keys open. It says nothing of anybody, so it is never published or audited.
 */
export const keysIntroduced = event(
  'KeysIntroduced',
  {
    /** A class of master keys, or `pepper`. */
    keyClass: identifier(32),
    /** The identity that the key ring keeps of itself. */
    ring: uuid(),
    /** Sealed under the class. */
    canary: identifier(512),
  },
  { summary: true },
);

export const INSTALLATION_EVENTS = [keysIntroduced];
