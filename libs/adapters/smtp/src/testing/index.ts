export * from './smtp-answers.ts';
