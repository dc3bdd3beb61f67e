import type { ServiceDefinition } from '@sparekey/hosting/services';
import { factorMethods } from '@sparekey/factors';
import { SignInListener, VerificationModule } from '@sparekey/verification';

export const service: ServiceDefinition = {
  name: 'verification',
  opens: [
    'contact',
    'factor',
    'codes',
    'context',
    'signing',
    'challenge',
    'pepper',
    ...(factorMethods().some(({ deliversBy }) => deliversBy) ? ['message' as const] : []),
  ],
  rooms: () => [VerificationModule],
  inbound: (app) => (message) => app.get(SignInListener).hear(message),
};
