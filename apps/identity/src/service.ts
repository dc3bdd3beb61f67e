import type { ServiceDefinition } from '@sparekey/hosting/services';
import { IdentityModule } from '@sparekey/identity';

export const service: ServiceDefinition = {
  name: 'identity',
  opens: ['contact', 'password', 'context', 'signing', 'browser', 'pepper'],
  rooms: () => [IdentityModule],
};
