// stands at: libs/verification/src/forbidden-client.ts
// refused by: only-identity-calls-over-http
import { SparekeyClient } from '@sparekey/client';
export const forbidden = SparekeyClient;
