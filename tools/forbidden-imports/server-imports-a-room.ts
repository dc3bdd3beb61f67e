// stands at: libs/server/src/forbidden.ts
// refused by: server
import { VerificationModule } from '@sparekey/verification';
export const forbidden = VerificationModule;
