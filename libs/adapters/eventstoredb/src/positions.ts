import type { Position } from '@eventstore/db-client';

/** A place in the log as text: commit and prepare position. */
export const positionText = ({ commit, prepare }: Position): string => `${commit}/${prepare}`;

export function position(text: string): Position {
  const [commit = '0', prepare = '0'] = text.split('/');
  return { commit: BigInt(commit), prepare: BigInt(prepare) };
}
