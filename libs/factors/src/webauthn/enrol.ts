import { generateRegistrationOptions } from '@simplewebauthn/server';
import type { Enrolment, EnrolInput } from '../factor-kind.ts';
import { ALGORITHMS, base64url, bytesOf, TIMEOUT_MS, type Expected } from './ceremony.ts';
import { keptCredential } from './credential.ts';
import { relyingPartyOf } from './relying-party.ts';
import type { WebauthnSettings } from './settings.ts';

type Transports = NonNullable<
  Parameters<typeof generateRegistrationOptions>[0]['excludeCredentials']
>[number]['transports'];

/** Options with which a browser makes a credential (WebAuthn §5.4). What the person has already is excluded. */
export async function enrol(input: EnrolInput): Promise<Enrolment> {
  const settings = input.settings as WebauthnSettings;
  const { id: rpId, origins } = relyingPartyOf(settings, input.relyingParty);
  const { userVerification, allowedAuthenticators, deniedAuthenticators } = settings;
  const held = (await input.held()).map(({ secret }) => keptCredential(secret!));
  const isModelAsked = allowedAuthenticators.length + deniedAuthenticators.length > 0;
  const { hints } = input.body as { readonly hints?: readonly string[] };
  const options = await generateRegistrationOptions({
    rpName: input.issuer,
    rpID: rpId,
    userName: input.account,
    userDisplayName: input.account,
    userID: new Uint8Array(bytesOf(input.userHandle)!),
    challenge: new Uint8Array(input.randomBytes),
    timeout: TIMEOUT_MS,
    attestationType: isModelAsked ? 'direct' : 'none',
    excludeCredentials: held.map(({ id, transports }) => ({ id, transports: transports as Transports })),
    // one of our own: the library changes the object that it would use otherwise
    authenticatorSelection: { residentKey: 'preferred', requireResidentKey: false, userVerification },
    supportedAlgorithmIDs: ALGORITHMS,
  });
  const expected: Expected = {
    challenge: base64url(input.randomBytes),
    rpId,
    origins,
    requireUserVerification: userVerification === 'required',
  };
  return {
    expected: JSON.stringify(expected),
    parameters: {},
    shown: { creationOptions: { ...options, hints: [...(hints ?? [])] } },
  };
}
