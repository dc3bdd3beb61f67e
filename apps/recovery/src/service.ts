import type { ServiceDefinition } from '@sparekey/hosting/services';
import { RecoveryModule } from '@sparekey/recovery';

export const service: ServiceDefinition = { name: 'recovery', rooms: () => [RecoveryModule] };
