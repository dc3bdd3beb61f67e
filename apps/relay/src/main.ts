import { failLoudly } from '@sparekey/hosting';
import { runRelay } from '@sparekey/hosting/services';

runRelay().catch(failLoudly());
