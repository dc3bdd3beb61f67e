import Type, { type Static } from 'typebox';

const AAGUID = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$';
/** A web address, or an app of Android by the digest of its signing certificate. */
const ORIGIN =
  '^(https://[a-z0-9.-]{1,253}(:[0-9]{1,5})?|http://localhost(:[0-9]{1,5})?|android:apk-key-hash:[A-Za-z0-9_-]{43})$';
const RP_ID = '^([a-z0-9]([a-z0-9-]*[a-z0-9])?)([.][a-z0-9]([a-z0-9-]*[a-z0-9])?)*$|^$';

const authenticators = () => Type.Array(Type.String({ pattern: AAGUID }), { default: [], maxItems: 100 });

/** What a domain chooses for security keys and passkeys. */
export const webauthnSettings = Type.Object(
  {
    /** Whether it can be enrolled. */
    enabled: Type.Boolean({ default: true }),
    /** Whether those already enrolled stay usable when it can no longer be enrolled. */
    usableIfEnrolled: Type.Boolean({ default: true }),
    /** Whether a passkey that verifies its user signs in by itself, without a name or a password. */
    passkeySignIn: Type.Boolean({ default: false }),
    /** Whether the authenticator itself verifies who uses it, by PIN, finger or face (WebAuthn §5.8.6). */
    userVerification: Type.Unsafe<'preferred' | 'required' | 'discouraged'>(
      Type.Union([Type.Literal('preferred'), Type.Literal('required'), Type.Literal('discouraged')], {
        default: 'preferred',
      }),
    ),
    /** Models by AAGUID, of which alone new ones are enrolled; any where the list is empty. */
    allowedAuthenticators: authenticators(),
    /** Models by AAGUID that are neither enrolled nor accepted any more. */
    deniedAuthenticators: authenticators(),
    /** The relying party's id, where the pages of this domain stand elsewhere; empty: the host of the public address. */
    rpId: Type.String({ default: '', maxLength: 253, pattern: RP_ID }),
    /** Where ceremonies take place beside the public address; each of the web lies under `rpId`. */
    origins: Type.Array(Type.String({ maxLength: 300, pattern: ORIGIN }), { default: [], maxItems: 10 }),
  },
  { additionalProperties: false },
);

export type WebauthnSettings = Static<typeof webauthnSettings>;
