// stands at: libs/contracts/src/forbidden.ts
// refused by: contracts
import { Vault } from '@sparekey/vault';
export const forbidden = Vault;
