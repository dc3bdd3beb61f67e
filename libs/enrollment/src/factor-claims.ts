import {
  claimStream,
  codec,
  factorsStream,
  readFacts,
  refuse,
  type FactorClaimFact,
  type Factor,
} from '@sparekey/contracts';
import {
  WrongExpectedRevision,
  type Envelope,
  type EventRecord,
  type Origin,
} from '@sparekey/event-sourcing';
import type { EnrollmentRoom } from './enrollment.room.ts';

/*
 * What may be held once in all, such as the id of a credential: whoever enrols it says so in a stream of its own first.
 *
 * - It has one holder, whoever races, in every domain.
 * - It is held for as long as the factor is there. What came to no factor (the process died in between) is free after a minute,
 *   longer than any call lives.
 */

const UNCLAIMED_AFTER_MS = 60_000;
/** Whoever tries again after so long says it again, so that the minute begins anew. */
const RENEWED_AFTER_MS = 20_000;

/**
 * @returns the digest under which it is claimed for this factor
 * @throws Refusal `already-exists` where another factor has it
 */
export async function claimForFactor(
  room: EnrollmentRoom,
  origin: Origin,
  { factorId, kind }: Factor,
  claim: string,
): Promise<string> {
  const { clock, blindIndex, store } = room.ports;
  const digest = blindIndex.of('factor-claim', kind, claim);
  const said = await readFacts<FactorClaimFact>(store, claimStream(digest));
  const last = said.at(-1);
  const isOwn = last?.data.factorId === factorId;
  if (isOwn && clock.now() - last.time < RENEWED_AFTER_MS) return digest;
  const isFree =
    !last || isOwn || (clock.now() - last.time > UNCLAIMED_AFTER_MS && !(await isHeld(room, last, digest)));
  if (!isFree) throw taken();
  await say(room, origin, digest, said.length, { type: 'FactorClaimed', data: { claim: digest, factorId } });
  return digest;
}

const taken = () =>
  refuse('already-exists', { detail: 'this is a factor already, of this person or of another' });

async function isHeld(
  room: EnrollmentRoom,
  { domain, subject = '', data }: Envelope & FactorClaimFact,
  digest: string,
): Promise<boolean> {
  const { state } = await room.users.load(factorsStream(domain, subject));
  return state.factors.some((factor) => factor.factorId === data.factorId && factor.claim === digest);
}

async function say(
  { ports: { clock, random, store } }: EnrollmentRoom,
  origin: Origin,
  digest: string,
  said: number,
  fact: FactorClaimFact,
): Promise<void> {
  const id = random.uuid();
  const record: EventRecord = { ...origin, ...codec.encode(fact), id, time: clock.now(), causationId: id };
  try {
    await store.append(claimStream(digest), said === 0 ? 'no-stream' : said - 1, [record], {
      hasNewIds: true,
    });
  } catch (error) {
    if (error instanceof WrongExpectedRevision) throw taken(); // by who asked at the same time
    throw error;
  }
}
