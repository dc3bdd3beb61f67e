import { hash } from 'node:crypto';
import { EVENT_CATALOGUE } from '@sparekey/contracts';
import type { Envelope, EventRecord, EventStore } from '@sparekey/event-sourcing';
import { MemoryEventStore } from '@sparekey/event-sourcing/testing';

const DOMAINS = ['acme', 'a-c', 'ac', 'globex'];
/** In the order of their bytes people stand otherwise than in a telephone book. */
export const USERS = ['ada', 'Ada', 'bob', 'B1', '_x', 'a-b', 'a_b', 'ab', '-9', 'Zoe', 'zoe', '10', '9'];
const NAMES = ['Acme', 'Ähre & Söhne', '株式会社', "O'Hara \\ %_", '🔑'];
/** What changes the rows of people, more often than the rest. */
const OFTEN = [
  'UserRegistered',
  'ContactsChanged',
  'FactorAdded',
  'FactorConfirmed',
  'FactorRemoved',
  'TwoStepEnabled',
  'RecoveryCodesGenerated',
  'RecoveryCodesSaved',
  'ChallengePassed',
];
const START = Date.UTC(2026, 2, 1, 12);

type Pick = <T>(from: readonly T[]) => T;
interface Property {
  readonly type?: string;
}

const facts = Object.values(EVENT_CATALOGUE)
  .flat()
  .filter(({ summary }) => !summary);
const ofType = new Map(facts.map((fact) => [fact.type, fact]));

/** Always the same log: some of every fact there is, of people in several domains, over some days. */
export async function sampleLog(count = 700): Promise<EventStore> {
  const store = new MemoryEventStore();
  const revisions = new Map<string, number>();
  const pick = picker();
  let time = START;
  for (let n = 0; n < count; n++) {
    const type = typeOf(n, pick);
    const domain = n < DOMAINS.length ? DOMAINS[n]! : pick(DOMAINS);
    const subject = /^(Domain|Policy|Service|Roles|Identity|ApiToken)/.test(type) ? undefined : pick(USERS);
    time += pick([0, 1, 1_000, 60_000, 7_200_000, -5_000]); // two clocks need not agree
    const stream = `sample-${domain}.${subject ?? ''}`;
    const record: EventRecord = {
      id: uuid(`event ${n}`),
      type,
      version: ofType.get(type)!.version,
      time,
      domain,
      ...(subject !== undefined && { subject }),
      actor: { kind: 'service', id: 'payroll' },
      correlationId: uuid(`request ${n}`),
      causationId: uuid(`request ${n}`),
      data: dataOf(type, pick),
    };
    const at = revisions.get(stream) ?? -1;
    revisions.set(stream, await store.append(stream, at < 0 ? 'no-stream' : at, [record]));
  }
  return store;
}

/** Digests of sample contacts: nothing is sealed in them. */
export const sampleDigests = async ({ data }: Envelope): Promise<readonly string[]> =>
  (data as { contacts: string }).contacts.split(' ').map((address) => hash('sha256', address));

function typeOf(n: number, pick: Pick): string {
  if (n < DOMAINS.length) return 'DomainCreated';
  return n % 3 === 0 ? facts[(n / 3) % facts.length]!.type : pick(OFTEN);
}

/** The ids are of few, so that what is said of one is said of one that there is. */
function dataOf(type: string, pick: Pick): object {
  const numbered = (what: string, most: number) => uuid(`${what} ${pick([...Array(most).keys()])}`);
  const known: Readonly<Record<string, () => unknown>> = {
    displayName: () => pick(NAMES),
    contacts: () => `${pick(USERS)}@x.example ${pick(USERS)}@y.example`,
    factorId: () => numbered('factor', 30),
    batchId: () => numbered('batch', 12),
    challengeRef: () => numbered('challenge', 40),
    sessionId: () => numbered('session', 20),
    context: () => `1.${pick(USERS)}`,
    total: () => 16,
  };
  const properties = ofType.get(type)!.schema.properties as Readonly<Record<string, Property>>;
  const made = Object.entries(properties).map(([name, property]) => [
    name,
    known[name]?.() ?? sampleOf(property, pick),
  ]);
  return Object.fromEntries(made) as object;
}

function sampleOf({ type }: Property, pick: Pick): unknown {
  if (type === 'integer') return pick([0, 1, 2, 3]);
  if (type === 'boolean') return pick([true, false]);
  if (type === 'array') return [pick(NAMES)];
  return type === 'object' ? { name: pick(NAMES) } : pick(['one', 'two', 'three']);
}

const uuid = (text: string): string =>
  hash('sha256', text)
    .slice(0, 32)
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/** Chance that is the same every time. */
function picker(): Pick {
  let drawn = 0;
  return (from) => from[Number.parseInt(hash('sha256', `pick ${drawn++}`).slice(0, 8), 16) % from.length]!;
}
