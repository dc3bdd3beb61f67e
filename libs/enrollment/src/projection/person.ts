import type { Fact } from '@sparekey/contracts';
import type { PersonRow, RecoveryReadiness } from './tables.ts';

type Counted = Omit<PersonRow, 'standing' | 'codes_left'>;

/** Ways in beside the password: what is suspended is none. */
const standingOf = ({ two_step, factors }: Counted, codesLeft: number): RecoveryReadiness =>
  two_step === 0 ? 'off' : factors + (codesLeft > 0 ? 1 : 0) > 1 ? 'safe' : 'alone';

/** What follows from the rest of a row. */
function completed(row: Counted): PersonRow {
  const counts = row.codes_saved === 1 && row.codes_epoch === row.epoch;
  const codesLeft = counts ? row.codes_total - row.codes_spent : 0;
  return { ...row, codes_left: codesLeft, standing: standingOf(row, codesLeft) };
}

export const registered = (domain: string, user: string, at: number): PersonRow =>
  completed({
    id: `${domain}.${user}`,
    domain,
    user_id: user,
    registered_at: at,
    last_sign_in: null,
    two_step: 0,
    epoch: 0,
    factors: 0,
    suspended: '[]',
    batch_id: null,
    codes_epoch: 0,
    codes_saved: 0,
    codes_total: 0,
    codes_spent: 0,
  });

const noCodes = { batch_id: null, codes_saved: 0, codes_total: 0, codes_spent: 0 };

/** What an event says of a person, other than about which factors they have. */
export function changed(row: PersonRow, event: Fact & { readonly time: number }): PersonRow {
  switch (event.type) {
    case 'TwoStepEnabled':
      return completed({ ...row, two_step: 1 });
    case 'TwoStepDisabled':
      return completed({ ...row, two_step: 0, epoch: event.data.epoch });
    case 'RecoveryCodesGenerated': {
      const { batchId, epoch, total } = event.data;
      return completed({ ...row, ...noCodes, batch_id: batchId, codes_epoch: epoch, codes_total: total });
    }
    case 'RecoveryCodesSaved':
      return event.data.batchId === row.batch_id ? completed({ ...row, codes_saved: 1 }) : row;
    case 'RecoveryCodesRevoked':
      return event.data.batchId === row.batch_id ? completed({ ...row, ...noCodes }) : row;
    case 'WaitsCleared':
      return row.suspended === '[]' ? row : withoutSuspended(row);
    case 'SignInAllowed':
      return { ...row, last_sign_in: event.time };
    case 'ChallengePassed': {
      const spent = event.data.holder === row.batch_id ? 1 : 0;
      return completed({ ...row, last_sign_in: event.time, codes_spent: row.codes_spent + spent });
    }
    default:
      return row;
  }
}

export const withFactors = (row: PersonRow, more: number): PersonRow =>
  completed({ ...row, factors: row.factors + more });

const suspendedOf = ({ suspended }: PersonRow) => JSON.parse(suspended) as string[];

/** A confirmed factor that is suspended is none that counts. */
export function withSuspended(row: PersonRow, factorId: string): PersonRow {
  const before = suspendedOf(row);
  if (before.includes(factorId)) return row;
  return withFactors({ ...row, suspended: JSON.stringify([...before, factorId]) }, -1);
}

/** The help desk gives back what was suspended. */
export const withoutSuspended = (row: PersonRow): PersonRow =>
  withFactors({ ...row, suspended: '[]' }, suspendedOf(row).length);

/** A confirmed factor is gone: one that was suspended did not count any more. */
export function withoutFactor(row: PersonRow, factorId: string): PersonRow {
  const before = suspendedOf(row);
  if (!before.includes(factorId)) return withFactors(row, -1);
  return { ...row, suspended: JSON.stringify(before.filter((id) => id !== factorId)) };
}
