import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { Failure } from './api.ts';

/**
 * The operator's token: from a file, from the environment, or typed where somebody sits at a terminal. Never from an
 * argument, which every process of the machine can read.
 *
 * @throws Failure
 */
export async function operatorToken(file: string | undefined): Promise<string> {
  const { SPAREKEY_OPERATOR_TOKEN: given, SPAREKEY_OPERATOR_TOKEN_FILE: named } = process.env;
  const path = file ?? (given === undefined ? named : undefined);
  if (path !== undefined) {
    try {
      return readFileSync(path, 'utf8').trim();
    } catch (error) {
      throw new Failure(`the operator token cannot be read: ${(error as Error).message}`, 1);
    }
  }
  if (given !== undefined) return given.trim();
  if (!process.stdin.isTTY) {
    throw new Failure(
      'no operator token: give --token-file, SPAREKEY_OPERATOR_TOKEN or SPAREKEY_OPERATOR_TOKEN_FILE',
      1,
    );
  }
  process.stderr.write('Operator token: ');
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const prompt = createInterface({ input: process.stdin, output: silent, terminal: true });
  const typed = await prompt.question('');
  prompt.close();
  process.stderr.write('\n');
  return typed.trim();
}
