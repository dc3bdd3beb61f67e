export { makeBearerToken, readBearerToken, type BearerKind, type Presented } from './bearer-tokens.ts';
export { FairTurns, TooManyWaiting } from './fair-turns.ts';
export { SealedTokens, type SealedTokenKind } from './sealed-tokens.ts';
export * from './key-ring.ts';
export {
  generateMasterKeys,
  generatePeppers,
  KeyListFault,
  MASTER_KEY_CLASSES,
  readMasterKeys,
  readPeppers,
  type KeyVersions,
  HANDLE_CLASSES,
  withHandleKeys,
  type HandleClass,
  type MasterKeyClass,
  type MasterKeys,
} from './master-keys.ts';
export { BlindIndex, loadBlindIndex } from './blind-index.ts';
export { loadSigner, Signer, SigningKeyMissing } from './signer.ts';
export { SlowHash, type HashingLane, type SlowDigest, type Turn } from './slow-hash.ts';
export { CannotOpen, OWN_SUBJECT, Shredded, Vault, type SealContext, type Subject } from './vault.ts';
