import { randomUUID } from 'node:crypto';
import type { Append } from './records.ts';

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

const systemAppend = (
  stream: string,
  expected: Append['expected'],
  type: string,
  data: Readonly<Record<string, unknown>>,
): Append => ({
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
