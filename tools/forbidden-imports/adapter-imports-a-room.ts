// stands at: libs/adapters/sqlite/src/forbidden.ts
// refused by: adapter
import { RecoveryModule } from '@sparekey/recovery';
export const forbidden = RecoveryModule;
