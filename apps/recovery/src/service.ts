import type { ServiceDefinition } from '@sparekey/hosting/services';
import { RecoveryModule } from '@sparekey/recovery';

export const service: ServiceDefinition = {
  name: 'recovery',
  opens: ['contact', 'codes', 'pepper'],
  rooms: () => [RecoveryModule],
};
