import { jest } from '@jest/globals';
import fs, { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger } from './logger.ts';

describe('The log', () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'log-'))));
  afterEach(() => rmSync(directory, { recursive: true }));

  const messages = (file: string) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => (JSON.parse(line) as { msg: string }).msg);

  it('writes each line soon, though nobody flushes and nothing more is said', async () => {
    const file = join(directory, 'lines');
    const logger = createLogger('info', { file });
    const said: string[] = [];
    for (let n = 0; n < 40; n++) {
      const message = `${n} `.padEnd(n % 7 === 0 ? 5_000 : 20, '.'); // some begin a write, others come while one is under way
      logger.info(message);
      said.push(message);
      if (n % 5 === 0) await sleep(n);
    }
    await sleep(500);
    expect(messages(file)).toEqual(said);
    logger.info('later');
    await sleep(500);
    expect(messages(file).at(-1)).toBe('later');
  });

  it('writes what was said while a slow write was under way', async () => {
    const file = join(directory, 'slow');
    const logger = createLogger('info', { file });
    const { write } = fs;
    const slow = (...args: unknown[]) =>
      void sleep(300).then(() => (write as (...args: unknown[]) => void)(...args));
    const writes = jest.spyOn(fs, 'write').mockImplementation(slow);
    try {
      logger.info('first');
      await sleep(150); // its write has begun
      logger.info('second');
      await sleep(1_200);
      expect(messages(file)).toEqual(['first', 'second']);
    } finally {
      writes.mockRestore();
    }
  });

  it('writes nothing where nothing is said', async () => {
    const logger = createLogger('info', { file: join(directory, 'idle') });
    const writes = jest.spyOn(fs, 'write');
    try {
      logger.info('one line');
      await sleep(500);
      expect(writes).toHaveBeenCalledTimes(1);
    } finally {
      writes.mockRestore();
    }
  });
});
