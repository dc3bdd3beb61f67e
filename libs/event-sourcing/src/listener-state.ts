/** An event that a room could not handle: nothing of it is lost, and the rest flows on. */
export interface Parked {
  readonly room: string;
  readonly eventId: string;
  readonly type: string;
  readonly stream: string;
  readonly revision: number;
  /** Where it stands in the whole log. */
  readonly position: string;
  /** How often it was tried, retries by command among them. */
  readonly attempts: number;
  /** What really went wrong the last time, with what caused that. */
  readonly cause: string;
  /** Unix milliseconds. */
  readonly parkedAt: number;
}

export interface ParkedQuery {
  readonly room?: string;
  /** Goes on after this one, in the order of parking. */
  readonly after?: Pick<Parked, 'room' | 'eventId'>;
  readonly limit: number;
}

/**
 * How far each room has heard the log, and what it could not handle. Every adapter passes `listenerStateContract`.
 *
 * It may be thrown away: a room that hears everything again changes nothing by it.
 */
export interface ListenerState {
  /** Behind which position the room goes on; nothing where it has heard nothing yet. */
  position(room: string): Promise<string | undefined>;
  /** Everything up to here has been handled or parked. */
  advance(room: string, position: string): Promise<void>;
  /** Parks an event, or replaces what is known of one that is parked already. */
  park(parked: Parked): Promise<void>;
  parked(query: ParkedQuery): Promise<readonly Parked[]>;
  findParked(room: string, eventId: string): Promise<Parked | undefined>;
  unpark(room: string, eventId: string): Promise<void>;
  countParked(): Promise<number>;
}
