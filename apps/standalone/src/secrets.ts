import { randomBytes } from 'node:crypto';
import type { Configuration } from '@sparekey/platform';
import { DataDirectoryFault, type DataDirectory } from '@sparekey/sqlite';
import {
  generateMasterKeys,
  generatePeppers,
  KeyListFault,
  MASTER_KEY_CLASSES,
  readMasterKeys,
  readPeppers,
  type KeyVersions,
  type MasterKeys,
} from '@sparekey/vault';

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
  directory: DataDirectory,
  logIsEmpty: boolean,
): Secrets {
  const notes: string[] = [];
  const kept = (file: string, what: string, generate: () => string): string => {
    const { path, text, made } = directory.secretFile(file, () => {
      if (logIsEmpty) return generate();
      const variable = `SPAREKEY_${file.replace('-', '_').toUpperCase()}`;
      throw new DataDirectoryFault(
        `${file} is missing although there are events: restore the file or set ${variable}`,
      );
    });
    if (made) notes.push(`${what} made and kept in ${path}; back it up, apart from the data`);
    return text;
  };
  const masterKeys =
    configuration.masterKeys ?? readMasterKeys(kept('master-keys', 'master keys', generateMasterKeys));
  const missing = MASTER_KEY_CLASSES.filter((name) => !masterKeys.has(name));
  if (missing.length > 0) {
    const where = configuration.masterKeys ? 'SPAREKEY_MASTER_KEYS' : `${directory.path}/master-keys`;
    const lines = missing.map((name) => `${name}.1=<32 random bytes, base64url>`).join(' and ');
    throw new KeyListFault(`${where}: there is no key for ${missing.join(', ')}; add ${lines}`);
  }
  return {
    masterKeys,
    peppers: configuration.peppers ?? readPeppers(kept('peppers', 'a pepper', generatePeppers)),
    operatorToken: configuration.operatorToken ?? demoToken(configuration, directory, notes),
    notes,
  };
}

/** Only the demo makes an operator token of its own: elsewhere whoever can read the disk is not thereby the operator. */
function demoToken({ demo }: Configuration, directory: DataDirectory, notes: string[]): string | undefined {
  if (!demo) {
    notes.push('no SPAREKEY_OPERATOR_TOKEN is set: nobody can act as operator');
    return undefined;
  }
  const { path, text } = directory.secretFile('operator-token', () => randomBytes(32).toString('base64url'));
  notes.push(`the operator token is in ${path}`);
  return text;
}
