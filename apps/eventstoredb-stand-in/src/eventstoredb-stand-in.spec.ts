import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ANY,
  BACKWARDS,
  binaryEvent,
  END,
  eventTypeFilter,
  excludeSystemEvents,
  FORWARDS,
  jsonEvent,
  MaxAppendSizeExceededError,
  NO_STREAM,
  START,
  STREAM_EXISTS,
  StreamDeletedError,
  StreamNotFoundError,
  streamNameFilter,
  WrongExpectedVersionError,
  type AppendExpectedRevision,
  type AppendToStreamOptions,
  type Position,
} from '@eventstore/db-client';
import { Empty } from '@eventstore/db-client/generated/shared_pb.js';
import { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import { credentials } from '@grpc/grpc-js';
import { all, failure, noted, texts, Trial, until } from './testing/trial.ts';

const drawn = (text: string) => jsonEvent({ type: 'Drawn', data: { text } });

describe('the stand-in for EventStoreDB', () => {
  let trial: Trial;

  beforeAll(async () => {
    trial = await Trial.start();
  });
  afterEach(() => trial.reset());
  afterAll(() => trial.end());

  describe('appends', () => {
    it('gives back what was appended, byte by byte', async () => {
      const stream = `bytes-${randomUUID()}`;
      const data = Uint8Array.from([0, 255, 10, 128]);
      const metadata = Uint8Array.from([7, 0, 254]);
      const id = randomUUID();
      const answer = await trial.append(stream, binaryEvent({ id, type: 'Blob', data, metadata }));
      const [{ event } = {}] = await all(trial.client.readStream(stream));
      expect(answer).toMatchObject({ success: true, nextExpectedRevision: 0n, position: event!.position });
      expect(event).toMatchObject({ id, type: 'Blob', isJson: false, streamId: stream, revision: 0n });
      expect(Buffer.from(event!.data as Uint8Array)).toEqual(Buffer.from(data));
      expect(Buffer.from(event!.metadata as Uint8Array)).toEqual(Buffer.from(metadata));
    });

    it('tells of JSON, and when it came', async () => {
      const before = Date.now();
      const [{ event } = {}] = await all(trial.client.readStream(await trial.newStream('hello')));
      expect(event).toMatchObject({ isJson: true, data: { text: 'hello' }, metadata: { by: 'ada' } });
      expect(event!.created.getTime()).toBeGreaterThanOrEqual(before);
      expect(event!.created.getTime()).toBeLessThanOrEqual(Date.now());
    });

    it('numbers a stream without gaps, and the log upwards', async () => {
      const stream = await trial.newStream('a', 'b');
      const { nextExpectedRevision } = await trial.append(stream, [noted('c'), noted('d')]);
      const events = (await all(trial.client.readStream(stream))).map(({ event }) => event!);
      expect(nextExpectedRevision).toBe(3n);
      expect(events.map(({ revision }) => revision)).toEqual([0n, 1n, 2n, 3n]);
      const positions = events.map(({ position }) => position!.commit);
      expect(positions).toEqual(positions.toSorted((a, b) => Number(a - b)));
      expect(new Set(positions).size).toBe(4);
      expect(positions[1]! - positions[0]!).toBeGreaterThan(1n);
      expect(events.map(({ position }) => position!.prepare)).toEqual(positions);
    });

    it('refuses another revision than the one where the stream stands, and tells it', async () => {
      const stream = await trial.newStream('a', 'b');
      const elsewhere = `note-${randomUUID()}`;
      const refused = async (name: string, expectedRevision: AppendToStreamOptions['expectedRevision']) => {
        const error = await failure(trial.append(name, noted('x'), { expectedRevision: expectedRevision! }));
        expect(error).toBeInstanceOf(WrongExpectedVersionError);
        const { expectedVersion, actualVersion } = error as WrongExpectedVersionError;
        return [expectedVersion, actualVersion];
      };
      expect(await refused(stream, NO_STREAM)).toEqual([NO_STREAM, 1n]);
      expect(await refused(stream, 0n)).toEqual([0n, 1n]);
      expect(await refused(stream, 7n)).toEqual([7n, 1n]);
      expect(await refused(elsewhere, 0n)).toEqual([0n, NO_STREAM]);
      expect(await refused(elsewhere, STREAM_EXISTS)).toEqual([STREAM_EXISTS, NO_STREAM]);
      expect(await texts(trial.client.readStream(stream))).toEqual(['a', 'b']);
    });

    it('appends where the revision is the right one, or any', async () => {
      const stream = `note-${randomUUID()}`;
      await trial.append(stream, noted('a'), { expectedRevision: NO_STREAM });
      await trial.append(stream, noted('b'), { expectedRevision: 0n });
      await trial.append(stream, noted('c'), { expectedRevision: STREAM_EXISTS });
      await trial.append(stream, noted('d'));
      expect(await texts(trial.client.readStream(stream))).toEqual(['a', 'b', 'c', 'd']);
    });

    it('lets exactly one of many racers have a revision', async () => {
      const stream = `note-${randomUUID()}`;
      const race = Array.from({ length: 16 }, (_, n) =>
        trial.append(stream, noted(String(n)), { expectedRevision: NO_STREAM }),
      );
      const results = await Promise.allSettled(race);
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await all(trial.client.readStream(stream))).toHaveLength(1);
    });

    it('takes the same ids at the same old revision for the same append, whatever they say', async () => {
      const stream = await trial.newStream('a');
      const [b, c] = [randomUUID(), randomUUID()];
      const first = await trial.append(stream, [noted('b', b), noted('c', c)], { expectedRevision: 0n });
      await trial.append(stream, noted('d'));
      const again = await trial.append(stream, [noted('B', b), noted('C', c)], { expectedRevision: 0n });
      expect(again).toEqual(first);
      expect(await texts(trial.client.readStream(stream))).toEqual(['a', 'b', 'c', 'd']);
    });

    it('refuses ids that stand there only in part, or elsewhere', async () => {
      const stream = await trial.newStream('a');
      const [b, c] = [randomUUID(), randomUUID()];
      await trial.append(stream, [noted('b', b), noted('c', c)], { expectedRevision: 0n });
      for (const events of [
        [noted('b', b), noted('x')],
        [noted('c', c)],
        [noted('b', b), noted('c', c), noted('x')],
      ]) {
        const error = await failure(trial.append(stream, events, { expectedRevision: 0n }));
        expect(error).toBeInstanceOf(WrongExpectedVersionError);
      }
    });

    it('appends the same ids once more where the stream does end there', async () => {
      const stream = await trial.newStream('a');
      const id = randomUUID();
      await trial.append(stream, noted('b', id), { expectedRevision: 0n });
      await trial.append(stream, noted('b', id), { expectedRevision: 1n });
      expect(await texts(trial.client.readStream(stream))).toEqual(['a', 'b', 'b']);
    });

    it('knows ids again for a while where any revision will do', async () => {
      const id = randomUUID();
      const stream = `note-${randomUUID()}`;
      const first = await trial.append(stream, noted('a', id));
      await trial.append(stream, noted('b'));
      expect(await trial.append(stream, noted('a', id))).toEqual(first);
      expect(await texts(trial.client.readStream(stream))).toEqual(['a', 'b']);
    });

    it('refuses what is too large, whole', async () => {
      const stream = `note-${randomUUID()}`;
      const half = noted('x'.repeat(600_000));
      expect(await failure(trial.append(stream, [half, half]))).toBeInstanceOf(MaxAppendSizeExceededError);
      expect(await failure(all(trial.client.readStream(stream)))).toBeInstanceOf(StreamNotFoundError);
    });

    it('takes many at once', async () => {
      const streams = Array.from({ length: 200 }, () => `note-${randomUUID()}`);
      await Promise.all(streams.map((stream) => trial.append(stream, [noted('a'), noted('b')])));
      for (const stream of streams) expect(await texts(trial.client.readStream(stream))).toEqual(['a', 'b']);
    });
  });

  describe('reads', () => {
    it('reads a stream in pages, both ways', async () => {
      const stream = await trial.newStream('a', 'b', 'c', 'd', 'e');
      const page = (direction: typeof FORWARDS | typeof BACKWARDS, fromRevision: 'start' | 'end' | bigint) =>
        texts(
          trial.client.readStream(stream, { direction, fromRevision, maxCount: 2, requiresLeader: true }),
        );
      expect(await page(FORWARDS, START)).toEqual(['a', 'b']);
      expect(await page(FORWARDS, 3n)).toEqual(['d', 'e']);
      expect(await page(FORWARDS, 4n)).toEqual(['e']);
      expect(await page(FORWARDS, 5n)).toEqual([]);
      expect(await page(FORWARDS, END)).toEqual([]);
      expect(await page(BACKWARDS, END)).toEqual(['e', 'd']);
      expect(await page(BACKWARDS, 1n)).toEqual(['b', 'a']);
      expect(await page(BACKWARDS, START)).toEqual(['a']);
      expect(await page(BACKWARDS, 99n)).toEqual(['e', 'd']);
    });

    it('reads more than it looks at in one go', async () => {
      const said = Array.from({ length: 300 }, (_, n) => String(n));
      const stream = await trial.newStream(...said);
      expect(await texts(trial.client.readStream(stream))).toEqual(said);
      expect(
        await texts(trial.client.readStream(stream, { direction: BACKWARDS, fromRevision: END })),
      ).toEqual(said.toReversed());
    });

    it('does not find a stream that is none', async () => {
      const error = await failure(all(trial.client.readStream('nobody')));
      expect(error).toBeInstanceOf(StreamNotFoundError);
    });

    it('reads the whole log from an event on forwards, and what is before it backwards', async () => {
      const stream = await trial.newStream('a', 'b', 'c');
      const [, b] = (await all(trial.client.readStream(stream))).map(({ event }) => event!);
      const around = (direction: typeof FORWARDS | typeof BACKWARDS) =>
        texts(trial.client.readAll({ direction, fromPosition: b!.position!, maxCount: 1 }));
      expect(await around(FORWARDS)).toEqual(['b']);
      expect(await around(BACKWARDS)).toEqual(['a']);
      expect(await all(trial.client.readAll({ fromPosition: END }))).toEqual([]);
      expect(await all(trial.client.readAll({ direction: BACKWARDS, fromPosition: START }))).toEqual([]);
    });

    it('refuses places at which no event can stand, each with the words of the server', async () => {
      const at = (commit: bigint, prepare = commit) =>
        failure(all(trial.client.readAll({ fromPosition: { commit, prepare }, maxCount: 1 })));
      expect(await at(1n)).toMatchObject({
        code: 2,
        message: expect.stringContaining('Unexpected ReadAllResult: Error'),
      });
      expect(await at(5n, 9n)).toMatchObject({
        code: 2,
        message: expect.stringContaining('Exception was thrown by handler.'),
      });
    });

    it('has events of its own among them', async () => {
      const events = (await all(trial.client.readAll())).map(({ event }) => event!);
      const own = events.filter(({ streamId }) => streamId.startsWith('$'));
      expect(own[0]).toMatchObject({ streamId: '$$$stats-127.0.0.1:2113', type: '$metadata' });
      expect(own[1]).toMatchObject({ streamId: '$stats-127.0.0.1:2113', type: '$statsCollected' });
      expect(own.length).toBeGreaterThan(10);
      expect(events.map(({ position }) => position.commit)).toEqual(
        events.map(({ position }) => position.commit).toSorted((a, b) => Number(a - b)),
      );
    });

    it('reads the whole log with a filter, which the client has no words for', async () => {
      const stream = await trial.newStream('a', 'b', 'c');
      const read = (backwards: boolean, count: number) => {
        const { Options } = ReadReq;
        const filter = new Options.FilterOptions()
          .setStreamIdentifier(new Options.FilterOptions.Expression().setPrefixList([stream]))
          .setMax(1)
          .setCheckpointintervalmultiplier(1);
        const from = new Options.AllOptions();
        const options = new Options()
          .setAll(backwards ? from.setEnd(new Empty()) : from.setStart(new Empty()))
          .setReadDirection(backwards ? 1 : 0)
          .setCount(String(count))
          .setUuidOption(new Options.UUIDOption().setStructured(new Empty()))
          .setFilter(filter);
        const raw = new StreamsClient(new URL(trial.standIn.url).host, credentials.createInsecure());
        return all(raw.read(new ReadReq().setOptions(options))).finally(() => raw.close());
      };
      const said = (answers: Awaited<ReturnType<typeof read>>) =>
        answers.map((answer) => {
          const { event } = answer.getEvent()!.toObject();
          expect(event!.id!.structured).toBeDefined();
          return JSON.parse(Buffer.from(event!.data as string, 'base64').toString()).text;
        });
      expect(said(await read(false, 2))).toEqual(['a', 'b']);
      expect(said(await read(true, 9))).toEqual(['c', 'b', 'a']);
    });
  });

  describe('deletions', () => {
    it('for good leave a tombstone in $all, and refuse reads and appends', async () => {
      const stream = await trial.newStream('a', 'b');
      const from = await trial.endOfLog();
      await trial.client.tombstoneStream(stream);
      const [, last] = await all(trial.client.readAll({ fromPosition: from }));
      expect(last!.event).toMatchObject({
        streamId: stream,
        type: '$streamDeleted',
        revision: 2n ** 63n - 1n,
      });
      expect(await failure(all(trial.client.readStream(stream)))).toBeInstanceOf(StreamDeletedError);
      const revisions: readonly AppendExpectedRevision[] = [NO_STREAM, 1n, ANY];
      for (const expectedRevision of revisions)
        expect(await failure(trial.append(stream, noted('c'), { expectedRevision }))).toBeInstanceOf(
          StreamDeletedError,
        );
    });

    it.each<readonly [string, AppendExpectedRevision]>([
      ['as one that never was', NO_STREAM],
      ['where it ended', 1n],
    ])('let a stream begin again %s, with the next revision', async (_, expectedRevision) => {
      const stream = await trial.newStream('a', 'b');
      await trial.client.deleteStream(stream);
      expect(await failure(all(trial.client.readStream(stream)))).toBeInstanceOf(StreamNotFoundError);
      const { nextExpectedRevision } = await trial.append(stream, noted('c'), { expectedRevision });
      expect(nextExpectedRevision).toBe(2n);
      expect(await texts(trial.client.readStream(stream))).toEqual(['c']);
      expect(
        await texts(trial.client.readStream(stream, { direction: BACKWARDS, fromRevision: END })),
      ).toEqual(['c']);
    });

    it.each([
      [{ maxCount: 2 }, ['b', 'c']],
      [{ truncateBefore: 2 }, ['c']],
      [{ maxAge: 60 }, ['a', 'b', 'c']],
      [{ maxAge: 1 }, []],
    ])('of its beginning (%j) shorten what is read of it, and not $all', async (metadata, kept) => {
      const from = await trial.endOfLog();
      const stream = await trial.newStream('a', 'b', 'c');
      await trial.client.setStreamMetadata(stream, metadata);
      if ('maxAge' in metadata && metadata.maxAge === 1) await sleep(1_100);
      expect(await texts(trial.client.readStream(stream))).toEqual(kept);
      const log = await all(trial.client.readAll({ fromPosition: from }));
      expect(log.filter(({ event }) => event!.streamId === stream)).toHaveLength(3);
    });
  });

  describe('subscriptions', () => {
    it('brings a subscriber up to date, tells them so, and goes on', async () => {
      const from = await trial.endOfLog();
      const stream = await trial.newStream('a', 'b');
      const heard = trial.subscribe(from, streamNameFilter({ prefixes: ['note-'] }));
      await heard.hasCaughtUp();
      await trial.append(stream, noted('c'));
      await heard.hasHeard(3);
      expect(heard.texts).toEqual(['a', 'b', 'c']);
      expect(heard.order.filter((what) => what !== 'event')).toEqual(['confirmation', 'caughtUp']);
      expect(heard.order.indexOf('caughtUp')).toBeGreaterThan(heard.order.indexOf('event'));
    });

    it('begins at the end, where it is told to', async () => {
      await trial.newStream('before');
      const heard = trial.subscribe(END, streamNameFilter({ prefixes: ['note-'] }));
      await heard.hasCaughtUp();
      await trial.newStream('behind');
      await heard.hasHeard(1);
      expect(heard.texts).toEqual(['behind']);
    });

    it('hears everything without a filter, and by type only what is wanted', async () => {
      const from = await trial.endOfLog();
      const everything = trial.subscribe(from);
      const drawings = trial.subscribe(from, eventTypeFilter({ regex: '^Draw' }));
      const ours = trial.subscribe(from, excludeSystemEvents());
      for (const n of [1, 2, 3, 4, 5, 6])
        await trial.append('mixed', [noted(`note ${n}`), drawn(`drawing ${n}`)]);
      await ours.hasHeard(12);
      await drawings.hasHeard(6);
      await until(() => everything.events.some(({ event }) => event!.type === '$statsCollected'));
      expect(drawings.texts).toEqual([1, 2, 3, 4, 5, 6].map((n) => `drawing ${n}`));
      expect(ours.events.map(({ event }) => event!.type)).not.toContain('$statsCollected');
    });

    it('tells how far the log was looked at, so that one can go on from there', async () => {
      const from = await trial.endOfLog();
      const checkpoints: Position[] = [];
      const heard = trial.subscribe(
        from,
        streamNameFilter({
          prefixes: ['rare-'],
          maxSearchWindow: 4,
          checkpointInterval: 2,
          checkpointReached: async (_, position) => void checkpoints.push(position),
        }),
      );
      await heard.hasCaughtUp();
      await trial.newStream(...Array.from({ length: 20 }, (_, n) => String(n)));
      await until(() => checkpoints.length >= 2);
      expect(heard.events).toEqual([]);

      const log = (await all(trial.client.readAll({ fromPosition: from }))).map(
        ({ event }) => event!.position,
      );
      const gaps = checkpoints.slice(0, 2).map((at) => log.findIndex(({ commit }) => commit === at.commit));
      expect(gaps[1]! - gaps[0]!).toBe(8);
      expect(checkpoints[0]!.commit).toBeLessThan(checkpoints[1]!.commit);

      await trial.append('rare-thing', noted('at last'));
      const goneOn = trial.subscribe(checkpoints.at(-1)!, streamNameFilter({ prefixes: ['rare-'] }));
      await goneOn.hasHeard(1);
      expect(goneOn.texts).toEqual(['at last']);
    });

    it('tells how far it looked when it has caught up', async () => {
      const checkpoints: Position[] = [];
      const checkpointReached = async (_: unknown, position: Position) => void checkpoints.push(position);
      const heard = trial.subscribe(START, streamNameFilter({ prefixes: ['none-'], checkpointReached }));
      await heard.hasCaughtUp();
      expect(checkpoints.at(-1)).toEqual(await trial.endOfLog());
    });

    it('follows one stream, from behind a revision, also before there is one', async () => {
      const stream = `note-${randomUUID()}`;
      const whole: string[] = [];
      const rest: string[] = [];
      const following = trial.client.subscribeToStream(stream, { fromRevision: START });
      following.on('data', ({ event }) => void whole.push((event!.data as { text: string }).text));
      await once(following, 'confirmation');
      await trial.append(stream, [noted('a'), noted('b'), noted('c')]);
      const late = trial.client.subscribeToStream(stream, { fromRevision: 1n });
      late.on('data', ({ event }) => void rest.push((event!.data as { text: string }).text));
      await until(() => whole.length === 3 && rest.length === 1);
      await trial.append(stream, noted('d'));
      await until(() => whole.length === 4 && rest.length === 2);
      expect(whole).toEqual(['a', 'b', 'c', 'd']);
      expect(rest).toEqual(['c', 'd']);
      await following.unsubscribe();
      await late.unsubscribe();
    });

    it('loses nobody who reads slowly', async () => {
      const from = await trial.endOfLog();
      const heard = trial.subscribe(from, streamNameFilter({ prefixes: ['note-'] }));
      heard.subscription.pause();
      const said = Array.from({ length: 400 }, (_, n) => `${n} ${'x'.repeat(1000)}`);
      await trial.newStream(...said);
      await sleep(100);
      heard.subscription.resume();
      await heard.hasHeard(said.length);
      expect(heard.texts).toEqual(said);
    });
  });
});
