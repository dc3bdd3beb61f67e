import type { IdentityRoom } from './identity.room.ts';

/** How one may sign in: what the organisation is called, and its providers. An unknown domain looks like one without providers. */
export async function showSignInOptions(room: IdentityRoom, domain: string) {
  const { state } = await room.domains.load(domain);
  const { displayName = domain, providers } = state;
  const through = [...providers].filter(([, { clientId }]) => clientId !== undefined);
  return {
    domain,
    organisation: displayName,
    providers: through.map(([provider]) => ({ provider })),
  };
}
