export { DevelopmentInbox } from './dev-inbox/development-inbox.ts';
export { NotificationModule } from './notification.module.ts';
