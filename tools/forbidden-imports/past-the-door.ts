// stands at: libs/enrollment/src/forbidden.ts
// refused by: through-the-door
import { decrypt } from '../../vault/src/aead.ts';
export const forbidden = decrypt;
