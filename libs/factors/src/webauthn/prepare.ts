import { generateAuthenticationOptions } from '@simplewebauthn/server';
import type { Prepared, PrepareInput } from '../factor-kind.ts';
import { base64url, TIMEOUT_MS, type Expected } from './ceremony.ts';
import { keptCredential } from './credential.ts';
import { liesUnder, relyingPartyOf } from './relying-party.ts';
import type { WebauthnSettings } from './settings.ts';

type Options = Parameters<typeof generateAuthenticationOptions>[0];
type Transports = NonNullable<Options['allowCredentials']>[number]['transports'];

/**
 * Options with which a browser asks an authenticator to sign (WebAuthn §5.5): one of those that the person holds, or, where nobody
 * is known yet, any that knows by itself for whom it signs.
 */
export async function prepare(input: PrepareInput): Promise<Prepared> {
  const settings = input.settings as WebauthnSettings;
  const { id: ours } = relyingPartyOf(settings, input.relyingParty);
  const ids = input.held.map(({ parameters }) => String(parameters.rpId));
  const rpId = ids.length === 0 || ids.includes(ours) ? ours : ids[0]!; // enrolled before the domain had another
  const under = settings.origins.filter((origin) => liesUnder(origin, rpId));
  const { origins } = relyingPartyOf(rpId === ours ? settings : { rpId, origins: under }, input.relyingParty);
  const asked = input.held.filter(({ parameters }) => parameters.rpId === rpId);
  const isWholeSignIn = input.held.length === 0;
  const userVerification = isWholeSignIn ? 'required' : settings.userVerification;
  const options = await generateAuthenticationOptions({
    rpID: rpId,
    challenge: new Uint8Array(input.randomBytes),
    timeout: TIMEOUT_MS,
    userVerification,
    allowCredentials: asked.map(({ secret }) => {
      const { id, transports } = keptCredential(secret!);
      return { id, transports: transports as Transports };
    }),
  });
  const expected: Expected = {
    challenge: base64url(input.randomBytes),
    rpId,
    origins,
    requireUserVerification: userVerification === 'required',
    ...(isWholeSignIn && { requireUserHandle: true }),
  };
  return { shown: { ...options }, expected: JSON.stringify(expected) };
}
