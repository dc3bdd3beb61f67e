// stands at: libs/factors/src/totp/forbidden.ts
// refused by: pure
import { randomBytes } from 'node:crypto';
export const forbidden = randomBytes;
