import Type, { type Static, type TProperties } from 'typebox';

/*
 * The JSON forms of WebAuthn Level 3 (§5.1.8, §5.1.9, §5.8), as browsers make and take them with `toJSON()` and
 * `parseCreationOptionsFromJSON()`. Members that a browser sends beyond these are let through and not looked at.
 */

const bytes = (maxLength: number, description?: string) =>
  Type.String({ pattern: '^[A-Za-z0-9_-]+$', maxLength, ...(description && { description }) });

/** A credential id has 1023 bytes at most (§4). */
const LONGEST_ID = 1_364;

const response = <P extends TProperties>(properties: P) =>
  Type.Object(
    {
      id: bytes(LONGEST_ID, 'The credential’s id, base64url'),
      rawId: bytes(LONGEST_ID),
      type: Type.Literal('public-key'),
      response: Type.Object(properties, { additionalProperties: true }),
      clientExtensionResults: Type.Optional(Type.Object({}, { additionalProperties: true })),
      authenticatorAttachment: Type.Optional(Type.Union([Type.String({ maxLength: 32 }), Type.Null()])),
    },
    { additionalProperties: true },
  );

/** `RegistrationResponseJSON` */
export const registrationResponse = response({
  clientDataJSON: bytes(8_192),
  attestationObject: bytes(32_768),
  transports: Type.Optional(Type.Array(Type.String({ maxLength: 32 }), { maxItems: 16 })),
});

/** `AuthenticationResponseJSON` */
export const authenticationResponse = response({
  clientDataJSON: bytes(8_192),
  authenticatorData: bytes(8_192),
  signature: bytes(2_048),
  userHandle: Type.Optional(Type.Union([bytes(88), Type.Literal(''), Type.Null()])),
});

export type RegistrationResponse = Static<typeof registrationResponse>;
export type AuthenticationResponse = Static<typeof authenticationResponse>;

const descriptors = Type.Array(
  Type.Object({
    id: bytes(LONGEST_ID),
    type: Type.Literal('public-key'),
    transports: Type.Optional(Type.Array(Type.String())),
  }),
);
const extensions = Type.Optional(Type.Object({}, { additionalProperties: true }));
const hints = Type.Optional(Type.Array(Type.String()));
const challenge = () => bytes(64, '32 random bytes, base64url; good for this ceremony alone');

/** `PublicKeyCredentialCreationOptionsJSON` */
export const creationOptions = Type.Object({
  rp: Type.Object({ id: Type.String(), name: Type.String() }),
  user: Type.Object({
    id: bytes(64, 'What this person is called by, to authenticators alone: 32 bytes, base64url'),
    name: Type.String(),
    displayName: Type.String(),
  }),
  challenge: challenge(),
  pubKeyCredParams: Type.Array(Type.Object({ alg: Type.Integer(), type: Type.Literal('public-key') })),
  timeout: Type.Integer({ description: 'Milliseconds' }),
  excludeCredentials: descriptors,
  authenticatorSelection: Type.Object({}, { additionalProperties: true }),
  hints,
  attestation: Type.String(),
  extensions,
});

/** `PublicKeyCredentialRequestOptionsJSON`: its members stand in the answer as they are. */
export const requestOptions = {
  challenge: challenge(),
  timeout: Type.Integer({ description: 'Milliseconds' }),
  rpId: Type.String(),
  allowCredentials: descriptors,
  userVerification: Type.String(),
  hints,
  extensions,
};

/** What is sealed with a key: all that checking it takes. */
export interface KeptCredential {
  /** base64url */
  readonly id: string;
  /** COSE_Key, base64url */
  readonly publicKey: string;
  readonly transports: readonly string[];
  /** Fixed when it was made (§6.1.3): another one later is another authenticator. */
  readonly backupEligible: boolean;
}

/** @param secret as {@link KeptCredential} was sealed */
export const keptCredential = (secret: string): KeptCredential => JSON.parse(secret) as KeptCredential;
