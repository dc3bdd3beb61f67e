import { createHash, createPublicKey } from 'node:crypto';
import {
  claimStream,
  codec,
  EVENT_SIGNATURE_TYPE,
  isSignInData,
  SIGN_IN_MESSAGE_MS,
  signedPart,
  signInKindOf,
  type SignInEnded,
  type SignInMessageKind,
  type SignInStarted,
  type VerificationFact,
} from '@sparekey/contracts';
import {
  WrongExpectedRevision,
  type Envelope,
  type EventRecord,
  type Origin,
} from '@sparekey/event-sourcing';
import { decodeProtectedHeader, flattenedVerify } from 'jose';
import { openChallenge, type Decision } from './open-challenge.ts';
import type { VerificationRoom } from './verification.room.ts';

/** A message as it came; nothing of it has been checked. */
export interface InboundMessage {
  readonly attributes: Readonly<Record<string, string>>;
  readonly value: Uint8Array;
  /** Where it stands in what services say: another place is another message. */
  readonly place: string;
}

/** Why a message changes nothing. */
export type RefusedBecause =
  'malformed' | 'unsigned' | 'foreign' | 'stale' | 'replayed' | 'unknown-user' | 'refused';

/** The message is parked with the reason; no challenge was opened and no budget touched. */
export class MessageRefusedError extends Error {
  override readonly name = 'MessageRefused';
  /** Trying again changes nothing. */
  readonly isFinal = true;

  constructor(
    readonly reason: RefusedBecause,
    detail: string,
    /** The domain whose key it names, where that domain exists. */
    readonly domain?: string,
  ) {
    super(`${reason}: ${detail}`);
  }
}

/** Who said it, by the key that signed. */
interface Sender {
  readonly domain: string;
  readonly service: string;
}

const KEY_NAME = /^([a-z][a-z0-9-]{0,39})\/([a-z][a-z0-9-]{0,39})\/([A-Za-z0-9._~-]{1,64})$/;
const LONGEST_VALUE = 65_536;
/** The ids of CloudEvents that tie what follows together in the log; others are anybody's text, of any length. */
const CORRELATION = /^[A-Za-z0-9._~-]{1,64}$/;
const correlationOf = (id: string | undefined) => (id !== undefined && CORRELATION.test(id) ? id : undefined);

/**
 * What an internal service says of a sign-in. Heard again from the same place it changes nothing more.
 *
 * @throws MessageRefusedError
 */
export async function hearSignIn(room: VerificationRoom, message: InboundMessage): Promise<void> {
  const { type = '', time = '' } = message.attributes;
  const kind = signInKindOf(type);
  if (!kind || message.value.length > LONGEST_VALUE)
    throw new MessageRefusedError('malformed', 'unknown type, or too large');
  const sender = await requireSignature(room, message);
  const { domain, service } = sender;
  const at = room.ports.clock.now();
  const data = dataOf(kind, message, domain);
  const guard = await room.guards.load(domain, data.userId);
  if (!guard.user.contacts) throw new MessageRefusedError('unknown-user', 'there is no such user', domain);
  const origin: Origin = {
    domain,
    subject: data.userId,
    actor: { kind: 'service', id: service },
    correlationId: correlationOf(message.attributes.id) ?? room.ports.random.uuid().replaceAll('-', ''),
  };
  const digest = room.ports.blindIndex.of(
    'sign-in',
    kind === 'started' ? 'started' : 'ended',
    domain,
    service,
    data.signInId,
  );
  const stream = claimStream(digest);
  const { place } = message;
  // what was begun in time is brought to its end, however late it is heard again
  const isInTime = Math.abs(at - Date.parse(time)) <= SIGN_IN_MESSAGE_MS;
  if (!isInTime && (await firstPlaceOf(room, stream)) !== place)
    throw new MessageRefusedError('stale', 'its time is over, or not yet come', domain);
  const begun: VerificationFact =
    kind === 'started'
      ? { type: 'SignInBegun', data: { claim: digest, service, place } }
      : {
          type: 'SignInReported',
          data: { claim: digest, service, signInId: data.signInId, outcome: kind, place },
        };
  const isDone = await claim(room, stream, origin, begun);
  if (isDone || kind !== 'started') return;
  const decided = outcomeOf(service, data, await decide(room, origin, service, data));
  await append(room, stream, 0, origin, decided).catch((error: unknown) => {
    if (!(error instanceof WrongExpectedRevision)) throw error; // said by who heard it at the same time
  });
}

/** @throws MessageRefusedError unless a key of a registered service signed all of it */
async function requireSignature(
  room: VerificationRoom,
  { attributes, value }: InboundMessage,
): Promise<Sender> {
  const { jws = '' } = attributes;
  const [header = '', payload, signature = ''] = jws.split('.');
  const [, domain, service, kid] = KEY_NAME.exec(keyNameOf(jws)) ?? [];
  if (payload !== '' || signature === '' || domain === undefined || service === undefined)
    throw new MessageRefusedError('unsigned', 'no signature that names a key');
  const { state } = await room.domains.load(domain);
  const key = state.services.get(service)?.eventKeys?.find((one) => one.kid === kid);
  const known = state.displayName === undefined ? undefined : domain;
  if (!key) throw new MessageRefusedError('foreign', 'no registered service has this key', known);
  const whole = { protected: header, payload: signedPayload({ attributes, value }), signature };
  try {
    await flattenedVerify(
      whole,
      createPublicKey({ key: { kty: key.kty, crv: key.crv, x: key.x }, format: 'jwk' }),
      {
        algorithms: ['EdDSA'],
      },
    );
  } catch {
    throw new MessageRefusedError('unsigned', 'the signature is not of this key over this message', domain);
  }
  return { domain, service };
}

function signedPayload({ attributes, value }: Pick<InboundMessage, 'attributes' | 'value'>): string {
  const { id = '', source = '', type = '', time = '' } = attributes;
  const digest = createHash('sha256').update(value).digest('base64url');
  return Buffer.from(signedPart({ id, source, type, time }, digest), 'utf8').toString('base64url');
}

function keyNameOf(jws: string): string {
  try {
    const { kid = '', typ } = decodeProtectedHeader(jws);
    return typ === EVENT_SIGNATURE_TYPE ? kid : '';
  } catch {
    return ''; // no header at all: unsigned, like any other that names no key
  }
}

function dataOf(
  kind: SignInMessageKind,
  { value }: InboundMessage,
  domain: string,
): SignInStarted & SignInEnded {
  let data: unknown;
  try {
    data = JSON.parse(Buffer.from(value).toString('utf8'));
  } catch {
    data = undefined; // refused below, like any other that is not of its form
  }
  if (!isSignInData(kind, data))
    throw new MessageRefusedError('malformed', 'its data are not of this type', domain);
  return data as SignInStarted;
}

/** Where the message stood that began it; nothing where none did. */
async function firstPlaceOf({ ports }: VerificationRoom, stream: string): Promise<string | undefined> {
  const [first] = await ports.store.read(stream, { limit: 1 });
  return (first?.data as { readonly place: string } | undefined)?.place;
}

/**
 * Says once that it was heard.
 *
 * @returns whether everything that follows from it has happened before
 * @throws MessageRefusedError where another message said it first
 */
async function claim(
  room: VerificationRoom,
  stream: string,
  origin: Origin,
  begun: VerificationFact,
): Promise<boolean> {
  try {
    await append(room, stream, 'no-stream', origin, begun);
    return false;
  } catch (error) {
    if (!(error instanceof WrongExpectedRevision)) throw error;
  }
  const said = (await room.ports.store.read(stream)).map((event) => codec.decode(event));
  const first = said[0] as (Envelope & { readonly data: { readonly place: string } }) | undefined;
  if (first?.data.place !== (begun.data as { readonly place: string }).place)
    throw new MessageRefusedError('replayed', 'this sign-in was said before', origin.domain);
  return said.length > 1;
}

async function append(
  room: VerificationRoom,
  stream: string,
  expected: number | 'no-stream',
  origin: Origin,
  fact: VerificationFact,
): Promise<void> {
  const { clock, random, store } = room.ports;
  const id = random.uuid();
  const record: EventRecord = { ...origin, ...codec.encode(fact), id, time: clock.now(), causationId: id };
  await store.append(stream, expected, [record]);
}

async function decide(
  room: VerificationRoom,
  origin: Origin,
  service: string,
  { userId: _, ...request }: SignInStarted,
): Promise<Decision> {
  try {
    return await openChallenge(room, origin, { ...request, purpose: 'sign-in', service });
  } catch (error) {
    const { name, code } = error as { name?: string; code?: string };
    if (name !== 'Refusal') throw error;
    throw new MessageRefusedError('refused', code ?? '', origin.domain);
  }
}

function outcomeOf(service: string, { signInId }: SignInStarted, decision: Decision): VerificationFact {
  const whose = { service, signInId };
  switch (decision.decision) {
    case 'challenge': {
      const { challengeRef, expiresAt, url } = decision;
      const hosted = url !== undefined;
      return {
        type: 'SignInChallenged',
        data: { ...whose, challengeRef, expiresAt: Date.parse(expiresAt), hosted },
      };
    }
    case 'enroll': {
      const { skippable, deadline } = decision;
      return {
        type: 'EnrollmentRequired',
        data: { ...whose, skippable, ...(deadline !== undefined && { deadline: Date.parse(deadline) }) },
      };
    }
    // put off for this very sign-in: a result is fetched over HTTP by who opens the challenge, and never kept in the log
    case 'allow':
      return { type: 'EnrollmentRequired', data: { ...whose, skippable: true } };
    case 'deny':
      return { type: 'SignInDenied', data: { ...whose, code: decision.code } };
  }
}
