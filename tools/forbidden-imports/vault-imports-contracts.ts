// stands at: libs/vault/src/forbidden.ts
// refused by: vault
import { codec } from '@sparekey/contracts';
export const forbidden = codec;
