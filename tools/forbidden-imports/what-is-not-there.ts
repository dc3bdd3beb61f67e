// stands at: libs/vault/src/forbidden-missing.ts
// refused by: no-orphan-imports
import { nothing } from './not-there.ts';
export const forbidden = nothing;
