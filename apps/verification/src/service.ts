import type { ServiceDefinition } from '@sparekey/hosting/services';
import { SignInListener, VerificationModule } from '@sparekey/verification';

export const service: ServiceDefinition = {
  name: 'verification',
  rooms: () => [VerificationModule],
  inbound: (app) => (message) => app.get(SignInListener).hear(message),
};
