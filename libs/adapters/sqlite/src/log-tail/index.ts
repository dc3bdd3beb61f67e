export { LogTail, type LogTailOptions } from './log-tail.ts';
