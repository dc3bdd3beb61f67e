import type { ProofKind } from '../factor-kind.ts';
import { parseRecoveryCode } from './format.ts';

/** The secret of a set: its salted digests as a JSON array, by number of the code. */
export const recoveryCodeKind: ProofKind = {
  /** One hash whatever the code is: the number picks the one digest to compare with, an unknown one costs the same. */
  async check({ secret, answer, consumed }, { matches }) {
    const code = parseRecoveryCode(String(answer.code));
    if (!code) return { outcome: 'malformed', field: 'code' };
    const digests = JSON.parse(secret ?? '[]') as unknown[];
    const isRight = await matches(code.symbols, digests[code.number - 1]);
    if (!isRight || consumed.items?.includes(code.number)) return { outcome: 'rejected' };
    return { outcome: 'accepted', consumes: { item: code.number } };
  },
};
