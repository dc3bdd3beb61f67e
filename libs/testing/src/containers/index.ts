export * from './caught-mails.ts';
export * from './service-containers.ts';
