import { useEffect, useState } from 'react';
import { api, ask } from '../api/client.ts';
import { byThisClock } from '../api/server-clock.ts';
import type { Challenge, Offer } from './challenge.ts';

/** Until when each method is closed after too many wrong codes, and whether this sign-in lasts until then. */
export function useWaits({ challengeId, methods, expiresAt }: Challenge) {
  const [offers, setOffers] = useState(methods);
  /** By method, Unix milliseconds; what was tried all the same is 0. */
  const [told, setTold] = useState<Readonly<Record<string, number>>>({});
  const [now, setNow] = useState(Date.now);
  const until = ({ method, lockedUntil }: Pick<Offer, 'method' | 'lockedUntil'>): number | undefined => {
    const moment = told[method] ?? (lockedUntil === undefined ? 0 : byThisClock(lockedUntil));
    return moment > now ? moment : undefined;
  };
  const next = Math.min(...offers.map((offer) => until(offer) ?? Infinity));
  useEffect(() => {
    if (next === Infinity) return undefined;
    const opening = setTimeout(() => setNow(Date.now()), Math.max(0, next - Date.now()) + 1);
    return () => clearTimeout(opening);
  }, [next]);
  return {
    offers,
    until,
    /** A wait that began in this sign-in closes it for what waits; one that takes longer than it outlives it. */
    isOver: (offer: Offer): boolean =>
      !offers.some(({ method }) => method === offer.method) || (until(offer) ?? 0) >= byThisClock(expiresAt),
    /** An answer was refused: it is closed for so many seconds. */
    async refused(method: string, seconds: number): Promise<void> {
      const known = await ask(() =>
        api.GET('/v1/challenges/{challengeId}', { params: { path: { challengeId } } }),
      );
      setNow(Date.now());
      setTold({ ...told, [method]: Date.now() + seconds * 1_000 });
      setOffers(known.state === 'open' ? known.methods : []);
    },
    tryNow: (method: string) => setTold({ ...told, [method]: 0 }),
  };
}
