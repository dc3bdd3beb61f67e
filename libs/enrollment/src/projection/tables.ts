/** `off`: the password alone · `safe` · `alone`: would be locked out if they lost their phone today. */
export const STANDINGS = ['off', 'safe', 'alone'] as const;
export type RecoveryReadiness = (typeof STANDINGS)[number];

export interface PersonRow {
  /** `domain.user`, which is injective. */
  readonly id: string;
  readonly domain: string;
  readonly user_id: string;
  /** Unix milliseconds. */
  readonly registered_at: number;
  readonly last_sign_in: number | null;
  readonly standing: RecoveryReadiness;
  readonly two_step: number;
  readonly epoch: number;
  /** Confirmed ones. */
  readonly factors: number;
  /** JSON list of the confirmed factors that are suspended: `factors` does not count them. */
  readonly suspended: string;
  readonly batch_id: string | null;
  readonly codes_epoch: number;
  readonly codes_saved: number;
  readonly codes_total: number;
  /** Codes that work: of a saved set of this epoch. */
  readonly codes_left: number;
  readonly codes_spent: number;
}

export interface FactorRow {
  readonly factor_id: string;
  readonly person: string;
  readonly confirmed: number;
}

export interface AddressRow {
  readonly person: string;
  readonly domain: string;
  /** Keyed digest of the address or number. */
  readonly digest: string;
}

export interface DomainRow {
  readonly domain: string;
  readonly display_name: string;
  readonly created_at: number;
}

/** How a domain stood at the end of a day (UTC), or stands now. */
export interface DayRow {
  readonly domain: string;
  readonly day: string;
  readonly people: number;
  readonly two_step: number;
  readonly alone: number;
}

export interface DirectoryTables {
  readonly person: PersonRow;
  readonly factor: FactorRow;
  readonly address: AddressRow;
  readonly domain: DomainRow;
  readonly day: DayRow;
}

export const COLUMNS = {
  person: [
    'id',
    'domain',
    'user_id',
    'registered_at',
    'last_sign_in',
    'standing',
    'two_step',
    'epoch',
    'factors',
    'suspended',
    'batch_id',
    'codes_epoch',
    'codes_saved',
    'codes_total',
    'codes_left',
    'codes_spent',
  ],
  factor: ['factor_id', 'person', 'confirmed'],
  address: ['person', 'domain', 'digest'],
  domain: ['domain', 'display_name', 'created_at'],
  day: ['domain', 'day', 'people', 'two_step', 'alone'],
} as const satisfies { [Table in keyof DirectoryTables]: readonly (keyof DirectoryTables[Table])[] };
