import { createSecretKey, hkdfSync, randomBytes, type KeyObject } from 'node:crypto';
import { SEAL_CLASSES, type SealClass } from './key-ring.ts';

/**
 * Keys of what is handed out, each given only to the service that makes and opens it: ids of challenges and result codes ·
 * what browsers keep · links in notices.
 */
export const HANDLE_CLASSES = ['challenge', 'browser', 'notice'] as const;
export type HandleClass = (typeof HANDLE_CLASSES)[number];
export type MasterKeyClass = SealClass | HandleClass;

export interface VersionedKey {
  readonly version: number;
  readonly key: KeyObject;
}

/** Keys of one use, newest first. */
export type KeyVersions = readonly VersionedKey[];

/** What this process may open: a class without keys is not its business. */
export type MasterKeys = ReadonlyMap<MasterKeyClass, KeyVersions>;

/** Every class; a process that runs all rooms needs a key for each. */
export const MASTER_KEY_CLASSES: readonly MasterKeyClass[] = [...SEAL_CLASSES, ...HANDLE_CLASSES];
const KEY_BYTES = 32;

/** A key list that cannot be read; the message names the entry by its place, never by its content. */
export class KeyListFault extends Error {
  override readonly name = 'KeyListFault';
}

interface Entry {
  readonly name: string;
  readonly version: number;
  readonly key: KeyObject;
}

/**
 * Reads a list of keys: entries `name.version=base64url` of 32 bytes, separated by commas, spaces or new lines; `#`
 * begins a comment line. No key stands there twice, under whatever name. Several versions of a name may stand at once; the highest one is used for what is new.
 */
function readEntries(text: string): Entry[] {
  const entries = text
    .replaceAll(/^#.*$/gm, '')
    .split(/[\s,]+/)
    .filter(Boolean);
  const seen = new Map<string, string>();
  return entries.map((entry, index) => {
    const match = /^([a-z]+)\.([1-9]\d{0,3})=([A-Za-z0-9_-]{43}=?)$/.exec(entry);
    if (!match)
      throw new KeyListFault(`entry ${index + 1} is not of the form name.version=<32 bytes in base64url>`);
    const [, name, version, value] = match;
    const bytes = Buffer.from(value!, 'base64url');
    if (bytes.every((byte) => byte === bytes[0]))
      throw new KeyListFault(`${name}.${version} is no random key: all its bytes are the same`);
    const before = seen.get(bytes.toString('hex'));
    if (before !== undefined)
      throw new KeyListFault(`${name}.${version} is the same key as ${before}: each has to be its own`);
    seen.set(bytes.toString('hex'), `${name}.${version}`);
    return { name: name!, version: Number(version), key: createSecretKey(bytes) };
  });
}

function versionsOf(entries: readonly Entry[], name: string): KeyVersions {
  const versions = entries.filter((entry) => entry.name === name).sort((a, b) => b.version - a.version);
  versions.forEach((entry, index) => {
    if (versions[index + 1]?.version === entry.version)
      throw new KeyListFault(`${name}.${entry.version} stands twice`);
  });
  return versions.map(({ version, key }) => ({ version, key }));
}

/**
 * The same list with the keys of each class of handle in the place of `handle`, which was one key for all of them before
 * 2026-11-27: they are derived from it (RFC 5869).
 *
 * @throws KeyListFault
 */
export function withHandleKeys(text: string): string {
  readEntries(text);
  return text.replaceAll(
    /(?<=^|[\s,])handle\.(\d+)=([A-Za-z0-9_-]+=?)/gm,
    (_, version: string, value: string) =>
      HANDLE_CLASSES.map((name) => {
        const key = hkdfSync('sha256', Buffer.from(value, 'base64url'), '', `sparekey ${name}`, KEY_BYTES);
        return `${name}.${version}=${Buffer.from(key).toString('base64url')}`;
      }).join('\n'),
  );
}

/** @throws KeyListFault */
export function readMasterKeys(text: string): MasterKeys {
  const entries = readEntries(withHandleKeys(text));
  const stranger = entries.find(({ name }) => !MASTER_KEY_CLASSES.includes(name as MasterKeyClass));
  if (stranger) throw new KeyListFault(`"${stranger.name}" is none of ${MASTER_KEY_CLASSES.join(', ')}`);
  return new Map(
    MASTER_KEY_CLASSES.map((name) => [name, versionsOf(entries, name)] as const).filter(
      ([, keys]) => keys.length > 0,
    ),
  );
}

/** @throws KeyListFault */
export function readPeppers(text: string): KeyVersions {
  const entries = readEntries(text);
  const stranger = entries.find(({ name }) => name !== 'pepper');
  if (stranger) throw new KeyListFault(`"${stranger.name}" is not "pepper"`);
  const versions = versionsOf(entries, 'pepper');
  if (versions.length === 0) throw new KeyListFault('there is no pepper in it');
  return versions;
}

const freshEntry = (name: string) => `${name}.1=${randomBytes(KEY_BYTES).toString('base64url')}`;

/** A new list with one key for every class, as {@link readMasterKeys} reads it. */
export const generateMasterKeys = (): string => `${MASTER_KEY_CLASSES.map(freshEntry).join('\n')}\n`;

/** A new list with one pepper, as {@link readPeppers} reads it. */
export const generatePeppers = (): string => `${freshEntry('pepper')}\n`;
