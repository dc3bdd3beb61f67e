// stands at: libs/verification/src/forbidden.ts
// refused by: rooms-never-call-each-other
import { RecoveryModule } from '@sparekey/recovery';
export const forbidden = RecoveryModule;
