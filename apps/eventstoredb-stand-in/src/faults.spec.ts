import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { END, NotLeaderError, streamNameFilter, UnavailableError } from '@eventstore/db-client';
import { all, failure, noted, texts, Trial, until } from './testing/trial.ts';

describe('the faults of the stand-in', () => {
  let trial: Trial;

  beforeAll(async () => {
    trial = await Trial.start();
  });
  afterEach(() => trial.reset());
  afterAll(() => trial.end());

  it('drops every connection, and takes the next', async () => {
    const heard = trial.subscribe(END);
    await heard.hasCaughtUp();
    expect(trial.standIn.faults.dropConnections()).toBeGreaterThan(0);
    await until(() => heard.error !== undefined);
    expect(heard.error).toBeInstanceOf(UnavailableError);
    await trial.newStream('after');
  });

  it('lets subscriptions fall silent until they are resumed', async () => {
    const heard = trial.subscribe(END, streamNameFilter({ prefixes: ['note-'] }));
    await heard.hasCaughtUp();
    trial.standIn.faults.stallSubscriptions();
    await trial.newStream('unheard');
    const another = trial.subscribe(END);
    await sleep(100);
    expect([heard.texts, another.order, heard.error]).toEqual([[], [], undefined]);
    trial.standIn.faults.resumeSubscriptions();
    await heard.hasHeard(1);
    await until(() => another.order.includes('confirmation'));
  });

  it('lets only those fall silent that are open', async () => {
    const heard = trial.subscribe(END, streamNameFilter({ prefixes: ['note-'] }));
    await heard.hasCaughtUp();
    trial.standIn.faults.stallSubscriptions({ andNewOnes: false });
    const another = trial.subscribe(END, streamNameFilter({ prefixes: ['note-'] }));
    await another.hasCaughtUp();
    await trial.newStream('heard by one');
    await another.hasHeard(1);
    expect(heard.texts).toEqual([]);
  });

  it('is not the leader for some calls, and says who is', async () => {
    const stream = await trial.newStream('a');
    trial.standIn.faults.answerNotLeader(2);
    expect(await texts(trial.client.readStream(stream))).toEqual(['a']);
    const error = await failure(all(trial.client.readStream(stream, { requiresLeader: true })));
    expect(error).toBeInstanceOf(NotLeaderError);
    const { address, port } = (error as NotLeaderError).leader;
    expect(`esdb://${address}:${port}?tls=false`).toBe(trial.standIn.url);
    expect(await failure(trial.append(stream, noted('b')))).toBeInstanceOf(NotLeaderError);
    await trial.append(stream, noted('c'));
    expect(await texts(trial.client.readStream(stream, { requiresLeader: true }))).toEqual(['a', 'c']);
  });

  it.each(['drop-connection', 'unavailable', 'silence'] as const)(
    'loses an acknowledgement by %s, and keeps the append',
    async (how) => {
      const stream = await trial.newStream('a');
      const event = noted('b');
      trial.standIn.faults.loseAcknowledgements(1, how);
      const began = trial.append(stream, event, { expectedRevision: 0n, deadline: 300 });
      const error = await failure(began);
      expect((error as { code?: number }).code).toBe(how === 'silence' ? 4 : 14);
      expect(await texts(trial.client.readStream(stream))).toEqual(['a', 'b']);
      await trial.append(stream, event, { expectedRevision: 0n });
      expect(await texts(trial.client.readStream(stream))).toEqual(['a', 'b']);
    },
  );

  it('answers late', async () => {
    trial.standIn.faults.delayAnswers(150);
    const began = performance.now();
    const stream = await trial.newStream('a');
    expect(performance.now() - began).toBeGreaterThan(140);
    expect(await texts(trial.client.readStream(stream))).toEqual(['a']);
    expect(performance.now() - began).toBeGreaterThan(290);
  });

  it('refuses as many calls as it is told', async () => {
    trial.standIn.faults.refuse(2);
    const stream = `note-${randomUUID()}`;
    expect(await failure(trial.append(stream, noted('a')))).toBeInstanceOf(UnavailableError);
    expect(await failure(all(trial.client.readAll({ maxCount: 1 })))).toBeInstanceOf(UnavailableError);
    await trial.append(stream, noted('b'));
    expect(await texts(trial.client.readStream(stream))).toEqual(['b']);
  });
});
