import { readFileSync } from 'node:fs';
import type { AuthenticationResponse, RegistrationResponse } from './credential.ts';
import { webauthnKind } from './kind.ts';
import { DEFAULT_SETTINGS } from '../testing/defaults.ts';

interface Vector {
  readonly name: string;
  readonly title: string;
  readonly registration: {
    readonly id: string;
    readonly challenge: string;
    readonly clientDataJSON: string;
    readonly attestationObject: string;
  };
  readonly authentication: {
    readonly challenge: string;
    readonly clientDataJSON: string;
    readonly authenticatorData: string;
    readonly signature: string;
  };
}

/** WebAuthn Level 3, section 16: relying party `example.org`, origin `https://example.org`; as of 30 July 2026. */
const vectors = JSON.parse(
  readFileSync(new URL('../testing/level-3-vectors.json', import.meta.url), 'utf8'),
) as readonly Vector[];

/** What is refused, and why. */
const REFUSED: Readonly<Record<string, string>> = {
  'none-es256-crossOrigin': 'in a frame of another site',
  'none-es256-topOrigin': 'in a frame of another site',
  'packed-es384': 'an algorithm that is not asked for',
  'packed-es512': 'an algorithm that is not asked for',
  'packed-ed448': 'an algorithm that is not asked for',
  'tpm-es256': 'its TPM says that no maker made it, and the library knows the real ones alone',
  'android-key-es256': 'to judge it the library fetches what the answer names',
  'fido-u2f-es256': 'it names a model, which U2F cannot (FIDO2: its AAGUID is zero)',
};

const settings = DEFAULT_SETTINGS;
const expectedOf = (challenge: string) =>
  JSON.stringify({
    challenge,
    rpId: 'example.org',
    origins: ['https://example.org'],
    requireUserVerification: false,
  });

const confirmed = ({ registration: { id, challenge, ...response } }: Vector) =>
  webauthnKind.confirm({
    settings,
    parameters: {},
    secret: undefined,
    expected: expectedOf(challenge),
    answer: { credential: { id, rawId: id, type: 'public-key', response } satisfies RegistrationResponse },
    now: 0,
  });

describe('the published test vectors of WebAuthn Level 3', () => {
  test('are all there', () => expect(vectors).toHaveLength(15));

  test.each(vectors.map((vector) => [vector.title, vector] as const))('%s', async (_, vector) => {
    const made = await confirmed(vector);
    if (Object.hasOwn(REFUSED, vector.name)) {
      expect(made).toEqual({ outcome: 'rejected' });
      return;
    }
    if (made.outcome !== 'accepted') throw new Error(made.outcome);
    const { challenge, ...response } = vector.authentication;
    const { id } = vector.registration;
    const credential: AuthenticationResponse = { id, rawId: id, type: 'public-key', response };
    const answered = await webauthnKind.check({
      settings,
      parameters: made.parameters!,
      secret: made.secret,
      expected: expectedOf(challenge),
      answer: { credential },
      consumed: {},
      userHandle: 'none',
      now: 0,
    });
    expect(answered).toMatchObject({ outcome: 'accepted' });
  });
});
