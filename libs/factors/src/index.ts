export type * from './factor-kind.ts';
export { factorKind, FACTOR_TYPES, FACTORS, type FactorType } from './registry.ts';
