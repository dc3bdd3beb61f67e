import { failLoudly } from '@sparekey/hosting';
import { runService } from '@sparekey/hosting/services';
import { service } from './service.ts';

runService(service).catch(failLoudly());
