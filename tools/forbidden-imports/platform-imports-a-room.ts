// stands at: libs/platform/src/forbidden.ts
// refused by: platform
import { VerificationModule } from '@sparekey/verification';
export const forbidden = VerificationModule;
