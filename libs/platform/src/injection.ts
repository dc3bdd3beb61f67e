/** Injection tokens of what has no class of its own. */
export const CONFIGURATION = Symbol('Configuration');
export const LOGGER = Symbol('Logger');
export const EVENT_TRANSPORT = Symbol('EventTransport');
