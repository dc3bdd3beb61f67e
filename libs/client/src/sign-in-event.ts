import { createHash, randomUUID } from 'node:crypto';
import {
  EVENT_SIGNATURE_TYPE,
  eventKeyName,
  SIGN_IN_TYPES,
  signedPart,
  type SignInEnded,
  type SignInStarted,
} from '@sparekey/contracts';
import { CompactSign, importJWK, type JWK } from 'jose';

/** The key by which a service signs what it says by event; its public half is registered with the service. */
export interface EventSigningKey {
  readonly domain: string;
  readonly service: string;
  readonly kid: string;
  /** Ed25519 (RFC 8037), with `d`. */
  readonly privateJwk: JWK;
}

/** A message for any producer of Kafka. */
export interface SignInMessage {
  readonly topic: 'sparekey.sign-ins.v1';
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

export type SignInEvent =
  ({ readonly kind: 'started' } & SignInStarted) | ({ readonly kind: 'completed' | 'failed' } & SignInEnded);

/**
 * Signs a sign-in event: a CloudEvent in binary mode, good for five minutes, heard once for each `signInId`. What
 * Sparekey decides comes back on `sparekey.public.{domain}.v1` as a hint, and is fetched by `signIn` of the client.
 */
export async function signSignInEvent(
  { domain, service, kid, privateJwk }: EventSigningKey,
  { kind, ...data }: SignInEvent,
  time: Date = new Date(),
): Promise<SignInMessage> {
  const value = JSON.stringify(data);
  const attributes = {
    id: randomUUID(),
    source: `/domains/${domain}/services/${service}`,
    type: SIGN_IN_TYPES[kind],
    time: time.toISOString(),
  };
  const digest = createHash('sha256').update(value).digest('base64url');
  const signed = await new CompactSign(Buffer.from(signedPart(attributes, digest), 'utf8'))
    .setProtectedHeader({ alg: 'EdDSA', typ: EVENT_SIGNATURE_TYPE, kid: eventKeyName(domain, service, kid) })
    .sign(await importJWK(privateJwk, 'EdDSA'));
  const [header, , signature] = signed.split('.');
  const named = Object.entries({ specversion: '1.0', ...attributes, jws: `${header}..${signature}` });
  return {
    topic: 'sparekey.sign-ins.v1',
    key: `${domain}.${data.userId}`,
    value,
    headers: {
      'content-type': 'application/json',
      ...Object.fromEntries(named.map(([k, v]) => [`ce_${k}`, v])),
    },
  };
}
