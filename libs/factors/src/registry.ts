import type { FactorKind } from './factor-kind.ts';
import { totp } from './totp/index.ts';

/** Every kind of factor there is, by its name. */
export const FACTORS = { totp };

export type FactorType = keyof typeof FACTORS;
export const FACTOR_TYPES = Object.keys(FACTORS) as FactorType[];

/** @returns nothing where there is no such kind (any more) */
export function factorKind(type: string): FactorKind | undefined {
  return Object.hasOwn(FACTORS, type) ? FACTORS[type as FactorType] : undefined;
}
