// stands at: libs/client/src/forbidden.ts
// refused by: client
import { Vault } from '@sparekey/vault';
export const forbidden = Vault;
