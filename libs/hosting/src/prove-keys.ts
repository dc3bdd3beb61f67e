import { createHmac, randomUUID, type KeyObject } from 'node:crypto';
import { codec, installationStream, keysIntroduced, type EventOf } from '@sparekey/contracts';
import {
  WrongExpectedRevision,
  type EventRecord,
  type EventStore,
  type StoredEvent,
} from '@sparekey/event-sourcing';
import {
  CannotOpen,
  HANDLE_CLASSES,
  Shredded,
  Vault,
  type KeyRing,
  type KeyVersions,
  type MasterKeys,
  type SealClass,
} from '@sparekey/vault';

/** The key ring or a key does not belong to the log. The message names which, and the way on. */
export class KeysNotProven extends Error {
  override readonly name = 'KeysNotProven';
}

export interface ToBeProven {
  readonly store: Pick<EventStore, 'read' | 'append' | 'newestTime'>;
  readonly ring: KeyRing;
  /** What this process opens: each class is proven. */
  readonly masterKeys: MasterKeys;
  readonly peppers: KeyVersions;
  readonly now: () => number;
  /** The newest events, where the store can tell them. */
  readonly recent?: () => readonly StoredEvent[];
  /** How an operator calls where the ring and the keys are kept. */
  readonly names: { readonly ring: string; readonly masterKeys: string; readonly peppers: string };
}

const IDENTITY = '.identity';
/** Kept in every ring since the first version; whoever made it had the signing key before. */
const FIRST_SECRET = '.keyed-digest';
const SIGNING_KEY = 'signing';
const SUBJECT = { domain: '.canary' } as const;
const WORD = 'the keys fit';

/**
 * Proves the key ring and each class of keys against the log before anything is answered: a ring that is missing, older or
 * another installation's, and a key that is not the one that events are sealed under, are named. Nothing is made anew
 * beside events; only what was never proven before is introduced to the log.
 *
 * @throws KeysNotProven · StoreUnavailable · VaultUnavailable
 */
export async function proveKeys(given: ToBeProven): Promise<void> {
  const { ring, masterKeys, peppers } = given;
  const classes = [...masterKeys.keys(), ...(peppers.length > 0 ? ['pepper'] : [])];
  const introduced = new Map<string, Introduced>();
  for (const keyClass of classes) {
    const [stored] = await given.store.read(installationStream(keyClass), { limit: 1 });
    if (stored) introduced.set(keyClass, codec.decode(stored) as unknown as Introduced);
  }
  const identity = await proveRing(given, [...introduced.values()]);
  const vault = new Vault(ring, masterKeys);
  for (const keyClass of classes) {
    const known = introduced.get(keyClass);
    if (known) await proveClass(given, vault, keyClass, known);
    else await introduce(given, vault, keyClass, identity);
  }
  await proveRecent(given);
}

/** While it runs: a key that an event needs and the ring lacks. @throws KeysNotProven */
export function requireWholeRing({ lacking }: Pick<Vault, 'lacking'>, ring: string): void {
  if (lacking > 0)
    throw new KeysNotProven(
      `${ring}: the key ring lacks keys that events are sealed under: it is older than the log; restore a newer backup`,
    );
}

type Introduced = StoredEvent & EventOf<typeof keysIntroduced>;

async function proveRing(
  { store, ring, masterKeys, names }: ToBeProven,
  introduced: readonly Introduced[],
): Promise<string> {
  const restore = `restore ${names.ring} from the backup that belongs to this log`;
  const identity = await ring.secret(IDENTITY);
  const expected = introduced[0]?.data.ring;
  if (expected !== undefined && identity !== undefined && identity !== expected)
    throw new KeysNotProven(`${names.ring}: the key ring is another installation's; ${restore}`);
  const isUsed = (await ring.secret(FIRST_SECRET)) !== undefined;
  if (isUsed && masterKeys.has('signing') && (await ring.secret(SIGNING_KEY)) === undefined)
    throw new KeysNotProven(`${names.ring}: the key ring has lost the signing key; ${restore}`);
  const isEmpty = identity === undefined && !isUsed;
  const isLacking =
    expected !== undefined ? identity === undefined : isEmpty && (await store.newestTime()) !== undefined;
  if (isLacking)
    throw new KeysNotProven(
      `${names.ring}: the key ring is missing or empty although there are events; ${restore}`,
    );
  return ring.secretIfAbsent(IDENTITY, expected ?? randomUUID());
}

async function proveClass(
  { names, ring, masterKeys, peppers }: ToBeProven,
  vault: Vault,
  keyClass: string,
  { id, data }: Introduced,
): Promise<void> {
  const where = keyClass === 'pepper' ? names.peppers : names.masterKeys;
  const wrong = (why: string) =>
    new KeysNotProven(
      `${where}: ${keyClass === 'pepper' ? 'the pepper' : `the key of class ${keyClass}`} is not the one that the log knows (${why}); put back the former list`,
    );
  const versions = versionsOf({ masterKeys, peppers }, keyClass);
  if (versions) {
    const [version, mac] = data.canary.split('.');
    const known = versions.find((one) => String(one.version) === version);
    if (!known) throw wrong(`version ${version} is missing`);
    if (macOf(known.key) !== mac) throw wrong('it is another one');
  } else {
    const sealClass = keyClass as SealClass;
    try {
      await vault.open(SUBJECT, sealClass, data.canary, { eventId: id, field: 'canary' });
    } catch (error) {
      if (!(error instanceof CannotOpen || error instanceof Shredded)) throw error;
      if ((await ring.newest(SUBJECT.domain, sealClass)) === undefined)
        throw new KeysNotProven(
          `${names.ring}: the key ring is older than the log: it lacks keys that events are sealed under; restore a newer backup`,
        );
      throw wrong(error.message);
    }
  }
}

/** For the first time: from here on these keys are expected at every start. */
async function introduce(
  { store, masterKeys, peppers, now }: ToBeProven,
  vault: Vault,
  keyClass: string,
  ring: string,
): Promise<void> {
  const id = randomUUID();
  const seal = async (): Promise<string> => {
    const newest = versionsOf({ masterKeys, peppers }, keyClass)?.[0];
    if (newest) return `${newest.version}.${macOf(newest.key)}`;
    return vault.seal(SUBJECT, keyClass as SealClass, WORD, { eventId: id, field: 'canary' });
  };
  const encoded = codec.encode({ type: keysIntroduced.type, data: { keyClass, ring, canary: await seal() } });
  const record: EventRecord = {
    ...encoded,
    id,
    domain: SUBJECT.domain,
    actor: { kind: 'system', id: 'start' },
    time: now(),
    correlationId: id.replaceAll('-', ''),
    causationId: id,
  };
  await store.append(installationStream(keyClass), 'no-stream', [record]).catch((error: unknown) => {
    if (!(error instanceof WrongExpectedRevision)) throw error; // else another process has just done it
  });
}

/** Keys that are proven by a MAC, because nothing in the key ring is wrapped under them. */
function versionsOf(
  { masterKeys, peppers }: Pick<ToBeProven, 'masterKeys' | 'peppers'>,
  keyClass: string,
): KeyVersions | undefined {
  if (keyClass === 'pepper') return peppers;
  const handleClass = HANDLE_CLASSES.find((one) => one === keyClass);
  return handleClass && masterKeys.get(handleClass);
}

const macOf = (key: KeyObject): string => createHmac('sha256', key).update(WORD).digest('base64url');

/** Which key the data of an event were sealed under, beside the contacts of the person it is about. */
const SEALED_UNDER: Readonly<Record<string, SealClass>> = {
  FactorAdded: 'factor',
  RecoveryCodesGenerated: 'codes',
  PasswordSet: 'password',
};

/** A ring of yesterday knows nobody who came today. */
async function proveRecent({ recent, ring, names }: ToBeProven): Promise<void> {
  const asked = new Set<string>();
  for (const { domain, subject, type } of recent?.() ?? []) {
    if (subject === undefined) continue;
    for (const sealClass of ['contact', SEALED_UNDER[type]] as const)
      if (sealClass !== undefined) asked.add(`${domain}.${subject} ${sealClass}`);
  }
  for (const key of asked) {
    const [subject, sealClass] = key.split(' ') as [string, SealClass];
    if ((await ring.newest(subject, sealClass)) === undefined)
      throw new KeysNotProven(
        `${names.ring}: the key ring is older than the log: it lacks keys of people who came since; restore a newer backup`,
      );
  }
}
