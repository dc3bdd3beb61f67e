export * from './caught-mails.ts';
export * from './hardened-container.ts';
export { readImages } from './images.ts';
export * from './service-containers.ts';
