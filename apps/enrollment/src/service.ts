import type { ServiceDefinition } from '@sparekey/hosting/services';
import { EnrollmentModule } from '@sparekey/enrollment';
import { factorMethods } from '@sparekey/factors';
import { digestContacts, directoryProjection } from '@sparekey/enrollment/projection';

export const service: ServiceDefinition = {
  name: 'enrollment',
  opens: [
    'contact',
    'factor',
    ...(factorMethods().some(({ isHashed }) => isHashed) ? ['pepper' as const] : []),
    ...(factorMethods().some(({ deliversBy }) => deliversBy) ? ['message' as const] : []),
  ],
  rooms: () => [EnrollmentModule],
  projections: ({ vault, blindIndex }) => [directoryProjection(digestContacts(vault, blindIndex))],
};
