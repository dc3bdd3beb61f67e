import type { ServiceDefinition } from '@sparekey/hosting/services';
import { SignInListener, VerificationModule } from '@sparekey/verification';

export const service: ServiceDefinition = {
  name: 'verification',
  opens: ['contact', 'factor', 'codes', 'context', 'signing', 'challenge', 'pepper'],
  rooms: () => [VerificationModule],
  inbound: (app) => (message) => app.get(SignInListener).hear(message),
};
