import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { count, identifier } from './event.ts';
import { SIGN_IN_ID, USER_ID } from './streams.ts';

/** What internal services say on `sparekey.sign-ins.v1`: `type` of their CloudEvents. */
export const SIGN_IN_TYPES = {
  started: 'dev.sparekey.sign-in.started.v1',
  completed: 'dev.sparekey.sign-in.completed.v1',
  failed: 'dev.sparekey.sign-in.failed.v1',
} as const;

/** `typ` of the signature in the attribute `jws`: a detached JWS (RFC 7515 appendix F), EdDSA. */
export const EVENT_SIGNATURE_TYPE = 'sparekey-event+jws';

/** For so long before and after its `time` a message is good (milliseconds). */
export const SIGN_IN_MESSAGE_MS = 300_000;

const signInId = Type.String({ pattern: SIGN_IN_ID.source });
const userId = Type.String({ pattern: USER_ID.source });

const started = Type.Object(
  {
    signInId,
    userId,
    /** What was verified before: RFC 8176 values, Unix seconds. */
    firstFactor: Type.Optional(
      Type.Object(
        { amr: Type.Array(identifier(32), { maxItems: 16 }), authTime: count() },
        { additionalProperties: false },
      ),
    ),
    context: Type.Optional(
      Type.Object(
        {
          ip: Type.Optional(identifier(45)),
          userAgent: Type.Optional(identifier(512)),
          browser: Type.Optional(identifier(128)),
        },
        { additionalProperties: false },
      ),
    ),
    returnUrl: Type.Optional(identifier(2_048)),
    codeChallenge: Type.Optional(identifier(128)),
  },
  { additionalProperties: false },
);
const ended = Type.Object({ signInId, userId }, { additionalProperties: false });

/** The password step is done: what comes next? */
export type SignInStarted = Static<typeof started>;
/** How it ended, as the service says. */
export type SignInEnded = Static<typeof ended>;

/** What each of them says. */
export const SIGN_IN_SCHEMAS = { started, completed: ended, failed: ended } as const;
const validators = { started: Compile(started), completed: Compile(ended), failed: Compile(ended) };
export type SignInMessageKind = keyof typeof validators;

/** @returns which kind of message this type is of */
export const signInKindOf = (type: string): SignInMessageKind | undefined =>
  (Object.keys(SIGN_IN_TYPES) as SignInMessageKind[]).find((kind) => SIGN_IN_TYPES[kind] === type);

export const isSignInData = (kind: SignInMessageKind, data: unknown): boolean => validators[kind].Check(data);

/** Which key signed: its domain and its service are part of its name. */
export const eventKeyName = (domain: string, service: string, kid: string): string =>
  `${domain}/${service}/${kid}`;

/**
 * The text that is signed. The data stand in it by their digest, so that it stays small; the brackets and quotes of JSON
 * keep the parts apart.
 *
 * @param dataDigest SHA-256 of the bytes of the value, base64url
 */
export const signedPart = (
  {
    id,
    source,
    type,
    time,
  }: { readonly id: string; readonly source: string; readonly type: string; readonly time: string },
  dataDigest: string,
): string => JSON.stringify([id, source, type, time, dataDigest]);
