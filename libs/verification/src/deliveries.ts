import { refuse, type VerificationFact } from '@sparekey/contracts';
import type { Recorded } from '@sparekey/event-sourcing';

/** Codes that went out to one user within a day: to which factor's address, and when (Unix milliseconds). */
export type Deliveries = readonly { readonly factorId: string; readonly at: number }[];

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** To one address in an hour, and to one user in a day: whoever causes more does it for the money or to fill a phone. */
export const PER_HOUR = 5;
export const PER_DAY = 10;

export function evolveDeliveries(deliveries: Deliveries, event: Recorded<VerificationFact>): Deliveries {
  if (event.type !== 'DeliveryRequested') return deliveries;
  const kept = deliveries.filter(({ at }) => at > event.time - DAY);
  return [...kept, { factorId: event.data.factorId, at: event.time }];
}

/** @throws Refusal too-many-requests with `retryAfter` (seconds) */
export function requireRoomForOneMore(deliveries: Deliveries, factorId: string, at: number): void {
  const ofDay = deliveries.filter((one) => one.at > at - DAY);
  const ofHour = ofDay.filter((one) => one.factorId === factorId && one.at > at - HOUR);
  const until =
    ofDay.length >= PER_DAY ? ofDay[0]!.at + DAY : ofHour.length >= PER_HOUR ? ofHour[0]!.at + HOUR : at;
  if (until <= at) return;
  throw refuse('too-many-requests', {
    detail: 'codes went out too often: use another way',
    retryAfter: Math.ceil((until - at) / 1_000),
  });
}
