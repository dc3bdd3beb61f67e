import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { codec, codesStream, factorsStream } from '@sparekey/contracts';
import { eventId, type DomainEvent, type EventRecord, type EventStore } from '@sparekey/event-sourcing';
import { DataDirectory, SqliteKeyRing } from '@sparekey/sqlite';
import {
  generateMasterKeys,
  generatePeppers,
  loadBlindIndex,
  loadSigner,
  readMasterKeys,
  Vault,
} from '@sparekey/vault';
import { ScureBase32Plugin } from 'otplib';

export interface SeededUser {
  readonly userId: string;
  /** Base32. */
  readonly secret: string;
}

const CHUNK = 2_000;
const base32 = new ScureBase32Plugin();

/**
 * Writes enrolled users into a data directory that no process has open, as events with properly sealed secrets, past the
 * API: many, in little time. Their recovery codes are unknown, even here.
 */
export async function seedUsers(
  path: string,
  domain: string,
  count: number,
  prefix = 'user',
): Promise<SeededUser[]> {
  const directory = new DataDirectory(path);
  const masterKeys = readMasterKeys(directory.secretFile('master-keys', generateMasterKeys).text);
  directory.secretFile('peppers', generatePeppers);
  const keys = new DatabaseSync(join(path, 'keys.db'));
  keys.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF');
  const ring = new SqliteKeyRing(keys);
  const vault = new Vault(ring, masterKeys);
  await loadSigner(vault, ring); // as a first start makes them
  await loadBlindIndex(vault, ring);
  const store = directory.openEventStore();
  const users: SeededUser[] = [];
  for (let from = 0; from < count; from += CHUNK) {
    keys.exec('BEGIN');
    const size = Math.min(CHUNK, count - from);
    const chunk = await Promise.all(
      Array.from({ length: size }, (_, n) => seedUser(store, vault, domain, `${prefix}-${from + n}`)),
    );
    keys.exec('COMMIT');
    users.push(...chunk);
  }
  keys.close();
  await directory.close();
  return users;
}

async function seedUser(
  store: EventStore,
  vault: Vault,
  domain: string,
  userId: string,
): Promise<SeededUser> {
  const commandId = randomUUID();
  const factorId = randomUUID();
  const secret = base32.encode(randomBytes(20));
  const seal = (sealClass: 'contact' | 'factor' | 'codes', text: string, index: number, field: string) =>
    vault.seal({ domain, user: userId }, sealClass, text, { eventId: eventId(commandId, index), field });
  const contacts = await seal('contact', JSON.stringify({ emails: [] }), 0, 'contacts');
  const sealedSecret = await seal('factor', secret, 1, 'secret');
  const settings = { digits: 6, period: 30, algorithm: 'SHA1' };
  const added = { factorId, kind: 'totp', secret: sealedSecret, settings, expiresAt: Date.now() + 600_000 };
  await write(store, factorsStream(domain, userId), domain, userId, commandId, [
    { type: 'UserRegistered', data: { contacts } },
    { type: 'FactorAdded', data: added },
    { type: 'FactorConfirmed', data: { factorId, step: 0 } },
    { type: 'TwoStepEnabled', data: {} },
  ]);
  const codesCommand = randomUUID();
  const place = { eventId: eventId(codesCommand, 0), field: 'digests' };
  const digests = await vault.seal({ domain, user: userId }, 'codes', '[]', place);
  const batchId = randomUUID();
  await write(store, codesStream(domain, userId), domain, userId, codesCommand, [
    { type: 'RecoveryCodesGenerated', data: { batchId, epoch: 0, total: 16, digests } },
    { type: 'RecoveryCodesSaved', data: { batchId } },
  ]);
  return { userId, secret };
}

function write(
  store: EventStore,
  stream: string,
  domain: string,
  subject: string,
  commandId: string,
  facts: readonly DomainEvent[],
): Promise<number> {
  const records = facts.map((fact, index): EventRecord => ({
    ...codec.encode(fact),
    id: eventId(commandId, index),
    time: Date.now(),
    domain,
    subject,
    actor: { kind: 'system', id: 'seed' },
    correlationId: commandId,
    causationId: commandId,
  }));
  return store.append(stream, 'no-stream', records);
}
