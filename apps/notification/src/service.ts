import { chooseSenders } from '@sparekey/hosting';
import type { ServiceDefinition } from '@sparekey/hosting/services';
import { NotificationModule } from '@sparekey/notification';

export const service: ServiceDefinition = {
  name: 'notification',
  opens: ['contact', 'message', 'notice'],
  rooms: (configuration) => {
    const { senders, inbox } = chooseSenders(configuration);
    return [NotificationModule.sending(senders, inbox)];
  },
  needs: ['kafka', 'database'],
};
