export * from './sign-in-event.ts';
export * from './sparekey-client.ts';
export * from './verifier.ts';
export * from './verify-result.ts';
