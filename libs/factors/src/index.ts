export type * from './factor-kind.ts';
export { PURPOSES } from './method.ts';
export type * from './method.ts';
export {
  CODES,
  factorMethod,
  factorMethods,
  FACTORS,
  factorTypes,
  methodOf,
  methodTypes,
  proofKind,
} from './registry.ts';
export type { FactorType, MethodType } from './registry.ts';
export { formatRecoveryCode, parseRecoveryCode, RECOVERY_CODE_BYTES } from './recovery-code/format.ts';
