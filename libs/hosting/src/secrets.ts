import { randomBytes } from 'node:crypto';
import { ConfigurationFault, type Configuration } from '@sparekey/platform';
import {
  generateMasterKeys,
  generatePeppers,
  KeyListFault,
  MASTER_KEY_CLASSES,
  readMasterKeys,
  readPeppers,
  type KeyVersions,
  type MasterKeyClass,
  type MasterKeys,
} from '@sparekey/vault';

/** A folder in which secrets are kept, each in a file of its own, readable by its owner only. */
export interface SecretFiles {
  readonly path: string;
  /** @returns the text, which `generate` makes when it is first asked for, and whether it was made just now */
  secretFile(name: string, generate: () => string): { path: string; text: string; made: boolean };
}

export interface Secrets {
  readonly masterKeys: MasterKeys;
  readonly peppers: KeyVersions;
  readonly operatorToken: string | undefined;
  /** What the operator should know about where they are kept. */
  readonly notes: readonly string[];
}

/** What the environment does not give is made once and kept in the data directory, readable by its owner only. */
export function resolveSecrets(
  configuration: Configuration,
  directory: SecretFiles,
  logIsEmpty: boolean,
): Secrets {
  const notes: string[] = [];
  const kept = (file: string, what: string, generate: () => string): string => {
    const { path, text, made } = directory.secretFile(file, () => {
      if (logIsEmpty) return generate();
      const variable = `SPAREKEY_${file.replace('-', '_').toUpperCase()}`;
      throw new ConfigurationFault([
        `${file} is missing although there are events: restore the file or set ${variable}`,
      ]);
    });
    if (made) notes.push(`${what} made and kept in ${path}; back it up, apart from the data`);
    return text;
  };
  const masterKeys =
    configuration.masterKeys ?? readMasterKeys(kept('master-keys', 'master keys', generateMasterKeys));
  const missing = missingClasses(masterKeys, MASTER_KEY_CLASSES);
  if (missing !== undefined) {
    const where = configuration.masterKeys ? 'SPAREKEY_MASTER_KEYS' : `${directory.path}/master-keys`;
    throw new KeyListFault(`${where}: ${missing}`);
  }
  return {
    masterKeys,
    peppers: configuration.peppers ?? readPeppers(kept('peppers', 'a pepper', generatePeppers)),
    operatorToken: configuration.operatorToken ?? demoToken(configuration, directory, notes),
    notes,
  };
}

/** How an operator finds what may be wrong with the keys: by variable, or by file of the data directory. */
export const nameKeys = ({ masterKeys, peppers }: Configuration, directory: string) => ({
  ring: `${directory}/keys.db`,
  masterKeys: masterKeys ? 'SPAREKEY_MASTER_KEYS' : `${directory}/master-keys`,
  peppers: peppers ? 'SPAREKEY_PEPPERS' : `${directory}/peppers`,
});

/** @returns what is missing, with the lines to add; nothing where there is a key for each */
export function missingClasses(
  masterKeys: MasterKeys,
  classes: readonly MasterKeyClass[],
): string | undefined {
  const missing = classes.filter((name) => !masterKeys.has(name));
  if (missing.length === 0) return undefined;
  const lines = missing.map((name) => `${name}.1=<32 random bytes, base64url>`).join(' and ');
  return `there is no key for ${missing.join(', ')}; add ${lines}`;
}

/** Only the demo makes an operator token of its own: elsewhere whoever can read the disk is not thereby the operator. */
function demoToken(
  { demo, operatorTokenDigest }: Configuration,
  directory: SecretFiles,
  notes: string[],
): string | undefined {
  if (operatorTokenDigest !== undefined) return undefined;
  if (!demo) {
    notes.push('no SPAREKEY_OPERATOR_TOKEN is set: nobody can act as operator');
    return undefined;
  }
  const { path, text } = directory.secretFile('operator-token', () => randomBytes(32).toString('base64url'));
  notes.push(`the operator token is in ${path}`);
  return text;
}
