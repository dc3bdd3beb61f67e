import type { RelyingParty } from '../factor-kind.ts';
import type { WebauthnSettings } from './settings.ts';

/** The domain's own relying party where it has one, and where its ceremonies may take place. */
export function relyingPartyOf(
  { rpId, origins }: Pick<WebauthnSettings, 'rpId' | 'origins'>,
  ours: RelyingParty,
): RelyingParty {
  if (rpId === '') return { id: ours.id, origins: [...ours.origins, ...origins] };
  return { id: rpId, origins: [...ours.origins.filter((origin) => liesUnder(origin, rpId)), ...origins] };
}

/** Whether a page there may act for this relying party (WebAuthn §5.1.3: its host is the id, or a name below it). */
export function liesUnder(origin: string, rpId: string): boolean {
  if (origin.startsWith('android:')) return true; // tied to it by a file that the relying party serves
  const { hostname } = new URL(origin);
  return hostname === rpId || hostname.endsWith(`.${rpId}`);
}

/** What no schema says of a relying party: it has a name of its own, and its pages lie under it. */
export function relyingPartyFaults({
  rpId,
  origins,
}: Pick<WebauthnSettings, 'rpId' | 'origins'>): { field: string; message: string }[] {
  if (rpId !== '' && rpId !== 'localhost' && !rpId.includes('.'))
    return [{ field: 'rpId', message: 'is no name that a domain can have' }];
  return origins.flatMap((origin) => {
    if (origin.startsWith('android:')) return [];
    if (!URL.canParse(origin) || new URL(origin).origin !== origin)
      return { field: 'origins', message: `${origin} is no origin` };
    return liesUnder(origin, rpId) ? [] : { field: 'origins', message: `${origin} does not lie under rpId` };
  });
}
