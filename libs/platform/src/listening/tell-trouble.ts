import type { DeliveryOptions } from '@sparekey/event-sourcing';
import type { Logger } from 'pino';

/** Writes to the log what a room parked and what it has to wait for. */
export const tellTrouble =
  (logger: Logger): DeliveryOptions['onTrouble'] =>
  (what, room, event, cause) =>
    logger.error(
      { room, eventId: event?.id, type: event?.type, cause },
      what === 'parked' ? 'an event is parked' : 'an event has to wait',
    );
