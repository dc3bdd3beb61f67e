// stands at: libs/access-control/src/forbidden.ts
// refused by: access-control
import { VerificationModule } from '@sparekey/verification';
export const forbidden = VerificationModule;
