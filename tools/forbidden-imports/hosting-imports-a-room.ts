// stands at: libs/hosting/src/forbidden.ts
// refused by: hosting
import { VerificationModule } from '@sparekey/verification';
export const forbidden = VerificationModule;
