import { randomUUID } from 'node:crypto';
import type { Append } from './records.ts';
import { DELETED } from './retention.ts';

const STATISTICS = '$stats-127.0.0.1:2113';

/** What the server itself writes when it first starts: how long its statistics are kept. */
export const statisticsMetadata = (): Append =>
  systemAppend(`$$${STATISTICS}`, 'no-stream', '$metadata', { $maxAge: 86_400 });

/** What the server itself writes from time to time. */
export const statistics = (): Append =>
  systemAppend(STATISTICS, 'any', '$statsCollected', {
    'proc-id': process.pid,
    'proc-mem': process.memoryUsage.rss(),
  });

/** What the server writes where a stream is deleted and may begin again: all of it is cut off. */
export const softDeletion = (stream: string): Append => cutOff(stream, DELETED);

/** What is before that revision is cut off. */
export const cutOff = (stream: string, $tb: number): Append =>
  systemAppend(`$$${stream}`, 'any', '$metadata', { $tb });

/** The last event of a stream that is deleted for good; it has no data. */
export const tombstone = (stream: string): Append => {
  const { events, ...append } = systemAppend(stream, 'any', '$streamDeleted', {});
  return { ...append, events: [{ ...events[0]!, data: new Uint8Array() }], isLast: true };
};

/** What an administrator writes, whatever stands there. */
export const written = (stream: string, type: string, data: object): Append =>
  systemAppend(stream, 'any', type, data);

const systemAppend = (stream: string, expected: Append['expected'], type: string, data: object): Append => ({
  stream,
  expected,
  events: [
    {
      id: randomUUID(),
      type,
      isJson: true,
      metadata: new Uint8Array(),
      data: Buffer.from(JSON.stringify(data)),
    },
  ],
});
