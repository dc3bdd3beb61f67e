export * from './sparekey-client.ts';
export * from './verify-result.ts';
