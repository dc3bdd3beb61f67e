import type { Position } from '@eventstore/db-client';
import { LogDamaged } from '@sparekey/event-sourcing';

/** What was kept as a place in the log is none. */
export class NoPosition extends LogDamaged {
  constructor(text: string) {
    super(
      `${JSON.stringify(text.slice(0, 40))} is no position in a log of EventStoreDB: was it kept beside another log?`,
    );
  }
}

/** A place in the log as text: commit and prepare position. */
export const positionText = ({ commit, prepare }: Position): string => `${commit}/${prepare}`;

/** @throws NoPosition */
export function position(text: string): Position {
  const [, commit = '', prepare = ''] = /^(\d{1,19})\/(\d{1,19})$/.exec(text) ?? [];
  const place = { commit: BigInt(commit), prepare: BigInt(prepare) };
  if (commit === '' || place.commit < place.prepare) throw new NoPosition(text); // an event is prepared before it is committed
  return place;
}
