import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { END, EventStoreDBClient, NO_STREAM, UnavailableError } from '@eventstore/db-client';

import { freePort, temporaryDirectory } from '@sparekey/testing';
import { EventStoreDbStandIn } from './eventstoredb-stand-in.ts';
import { all, failure, Heard, noted, until } from './testing/trial.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

describe('the stand-in, ended and started again', () => {
  it('keeps everything that was acknowledged when it is killed in process', async () => {
    const { path: directory, remove } = temporaryDirectory();
    const first = await EventStoreDbStandIn.start({ directory });
    await expect(EventStoreDbStandIn.start({ directory })).rejects.toThrow('another stand-in has');
    const client = EventStoreDBClient.connectionString(first.url);
    const id = randomUUID();
    const answer = await client.appendToStream('kept', noted('a', id), { expectedRevision: NO_STREAM });
    first.kill();
    await client.dispose();

    const second = await EventStoreDbStandIn.start({ directory });
    const again = EventStoreDBClient.connectionString(second.url);
    expect(await again.appendToStream('kept', noted('a', id), { expectedRevision: NO_STREAM })).toEqual(
      answer,
    );
    const next = await again.appendToStream('kept', noted('b'), { expectedRevision: 0n });
    expect(next.position!.commit).toBeGreaterThan(answer.position!.commit);
    await again.dispose();
    await second.stop();
    remove();
  });

  it('tells subscribers when it stops', async () => {
    const { path: directory, remove } = temporaryDirectory();
    const standIn = await EventStoreDbStandIn.start({ directory });
    const client = EventStoreDBClient.connectionString(standIn.url);
    const heard = new Heard(client.subscribeToAll({ fromPosition: END }));
    await heard.hasCaughtUp();
    await standIn.stop();
    await until(() => heard.error !== undefined);
    expect(heard.error).toBeInstanceOf(UnavailableError);
    await client.dispose();
    remove();
  });

  it('keeps everything that was acknowledged when its process is killed, and takes orders by HTTP', async () => {
    const { path: directory, remove } = temporaryDirectory();
    const [port, control] = [await freePort(), await freePort()];
    const start = async () => {
      const where = ['--directory', directory, '--port', String(port), '--control-port', String(control)];
      const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...where]);
      child.stderr.pipe(process.stderr);
      const [line] = await once(child.stdout, 'data');
      expect(String(line)).toBe(
        `the stand-in for EventStoreDB listens on esdb://127.0.0.1:${port}?tls=false (this is no EventStoreDB)\n`,
      );
      return child;
    };
    const end = async (child: ChildProcess, signal: NodeJS.Signals) => {
      const ended = once(child, 'exit');
      child.kill(signal);
      return (await ended) as unknown[];
    };
    const order = async (body: object) => {
      const answer = await fetch(`http://127.0.0.1:${control}`, {
        method: 'POST',
        body: JSON.stringify(body),
      });
      return [answer.status, await answer.json()];
    };

    const first = await start();
    const client = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${port}?tls=false`);
    const acknowledged = new Set<string>();
    const writing = Array.from({ length: 8 }, async (_, writer) => {
      for (let n = 0; n < 10_000; n++) {
        const stream = `w-${writer}-${n}`;
        await client.appendToStream(stream, noted('a'), { expectedRevision: NO_STREAM });
        acknowledged.add(stream);
      }
    });
    const written = Promise.allSettled(writing);
    await until(() => acknowledged.size > 300);
    expect(await end(first, 'SIGKILL')).toEqual([null, 'SIGKILL']);
    await written;

    const second = await start();
    const kept = new Set((await all(client.readAll())).map(({ event }) => event!.streamId));
    expect([...acknowledged].filter((stream) => !kept.has(stream))).toEqual([]);

    expect(await order({ order: 'refuse', calls: 1 })).toEqual([200, { done: true }]);
    expect(await failure(client.appendToStream('kept', noted('a')))).toBeInstanceOf(UnavailableError);
    expect((await order({ order: 'dance' }))[0]).toBe(400);
    expect((await order({ order: 'refuse', calls: 'all' }))[0]).toBe(400);
    expect((await order({ order: 'lose-acknowledgements', appends: 1, how: 'theft' }))[0]).toBe(400);
    await client.dispose();
    expect(await end(second, 'SIGTERM')).toEqual([0, null]);
    remove();
  });
});
