import type { CustomTransportStrategy } from '@nestjs/microservices';
import type { Parked } from '@sparekey/event-sourcing';

/** Brings events from the log to the handlers of the rooms; which technology stands behind it, only the app knows. */
export interface EventTransport {
  readonly strategy: CustomTransportStrategy;
  /** The rooms that hear in this process. */
  readonly rooms: readonly string[];
  /** Events that the room has yet to look at; from some thousands on it may be more. */
  lag(room: string): Promise<number>;
  /**
   * Tries a parked event once more.
   * @returns as it is parked now; nothing where it was handled
   */
  retry(parked: Parked): Promise<Parked | undefined>;
}
