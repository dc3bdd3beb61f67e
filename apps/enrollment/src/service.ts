import type { ServiceDefinition } from '@sparekey/hosting/services';
import { EnrollmentModule } from '@sparekey/enrollment';
import { digestContacts, directoryProjection } from '@sparekey/enrollment/projection';

export const service: ServiceDefinition = {
  name: 'enrollment',
  opens: ['contact', 'factor'],
  rooms: () => [EnrollmentModule],
  projections: ({ vault, keyedDigest }) => [directoryProjection(digestContacts(vault, keyedDigest))],
};
