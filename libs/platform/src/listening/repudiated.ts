import {
  accountStream,
  codec,
  readFacts,
  type AccountFact,
  type Fact,
  type NoticeFact,
} from '@sparekey/contracts';
import type { Envelope, EventStore, Origin } from '@sparekey/event-sourcing';

/** Somebody said of an event: this was not me. */
export type Repudiation = Envelope & Extract<NoticeFact, { type: 'NoticeRepudiated' }>;

/** What was repudiated, and what follows from it. */
export interface Repudiated {
  /** As the log has it. */
  readonly event: Envelope & Fact;
  readonly origin: Origin & { readonly subject: string };
  /** The person's sessions behind it: what was introduced in them is not theirs either. */
  readonly sessions: ReadonlySet<string>;
  /** Whether this is what was repudiated, or happened in one of these sessions. */
  readonly isBehind: (fact: Envelope) => boolean;
}

/** @throws where the log holds another event there */
export async function repudiated(
  store: EventStore,
  { domain, subject = '', actor, correlationId, data }: Repudiation,
): Promise<Repudiated> {
  const [stored] = await store.read(data.stream, { from: data.revision, limit: 1 });
  if (stored?.id !== data.eventId || stored.subject !== subject || stored.domain !== domain)
    throw new Error('what was repudiated is not where the notice says');
  const event = codec.decode(stored) as Envelope & Fact;
  const sessions = await sessionsBehind(store, event, subject);
  return {
    event,
    origin: { domain, subject, actor, correlationId },
    sessions,
    isBehind: ({ id, sessionId = '' }) => id === event.id || sessions.has(sessionId),
  };
}

type Started = Envelope & Extract<AccountFact, { type: 'SessionStarted' }>;

/** The session in which it happened, or those that it opened, with all that they came from and went on as. */
async function sessionsBehind(
  store: EventStore,
  event: Envelope & Fact,
  user: string,
): Promise<ReadonlySet<string>> {
  const facts = await readFacts<AccountFact>(store, accountStream(event.domain, user));
  const started = facts.filter((fact): fact is Started => fact.type === 'SessionStarted');
  const opened = (fact: Envelope & AccountFact): fact is Envelope & AccountFact =>
    event.type === 'ChallengePassed' &&
    (fact.type === 'SessionStarted' || fact.type === 'SessionConfirmed') &&
    fact.data.challengeRef === event.data.challengeRef;
  const behind = new Set(facts.filter(opened).map(({ data }) => (data as { sessionId: string }).sessionId));
  if (event.sessionId !== undefined) behind.add(event.sessionId);
  for (let before = -1; before !== behind.size;) {
    before = behind.size;
    const members = started.filter(({ data }) => behind.has(data.sessionId));
    const signIns = new Set(members.map(({ data }) => data.signInId));
    const cameFrom = new Set(members.flatMap(comesFrom));
    for (const one of started) {
      const { sessionId, signInId } = one.data;
      const isLinked =
        signIns.has(signInId) || cameFrom.has(sessionId) || comesFrom(one).some((id) => behind.has(id));
      if (isLinked) behind.add(sessionId);
    }
  }
  return new Set(started.map(({ data }) => data.sessionId).filter((id) => behind.has(id)));
}

/** The sessions as which it went on: an enrolment that became whole, one that ended with the password it changed. */
const comesFrom = ({ data, sessionId }: Started): string[] =>
  [data.replaces, sessionId].filter((id) => id !== undefined);
