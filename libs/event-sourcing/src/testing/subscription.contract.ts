import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SubscriptionOptions, Subscription } from '../delivery.ts';
import type { Envelope } from '../envelope.ts';
import { StoreUnavailable, type EventStore } from '../event-store.ts';
import type { ListenerState } from '../listener-state.ts';
import { sampleEvent } from './event-store.contract.ts';

/** What a contract run needs of a way to hear: a log, and subscriptions to it, all of which go on where one of their room ended. */
export interface SubscriptionUnderTest {
  readonly store: EventStore;
  readonly state: ListenerState;
  /** A subscription whose waits are short; not started. */
  open(options: SubscriptionOptions): Subscription;
  close(): Promise<void>;
}

const TYPE = 'SomethingHappened';

/** The whole contract of {@link Subscription}; every way to hear runs all of it. */
export function subscriptionContract(
  adapter: string,
  open: () => Promise<SubscriptionUnderTest>,
  run: typeof describe = describe,
): void {
  run(`options through ${adapter}`, () => {
    let under: SubscriptionUnderTest;
    let subscriptions: Subscription[] = [];

    beforeAll(async () => {
      under = await open();
    }, 60_000);
    afterEach(async () => {
      await Promise.all(subscriptions.map((subscription) => subscription.stop()));
      subscriptions = [];
    }, 30_000);
    afterAll(() => under.close(), 30_000);

    const say = async (subject: string, numbers: readonly number[], data: object = {}) => {
      const events = numbers.map((n) => ({ ...sampleEvent({ n, ...data }), subject }));
      await under.store.append(`sample-acme.${subject}-${randomUUID()}`, 'no-stream', events);
      return events;
    };
    const room = () => `room-${randomUUID().slice(0, 8)}`;
    const listen = (
      name: string,
      deliver: SubscriptionOptions['deliver'],
      where?: Record<string, string>,
    ) => {
      const subscription = under.open({
        room: name,
        filters: [{ type: TYPE, ...(where && { where }) }],
        deliver,
      });
      subscriptions.push(subscription);
      subscription.start();
      return subscription;
    };
    const until = async (isThere: () => boolean | Promise<boolean>) => {
      while (!(await isThere())) await sleep(10);
    };
    const keep = () => {
      const heard: Envelope[] = [];
      return { heard, deliver: async (event: Envelope) => void heard.push(event) };
    };
    const numbers = (heard: readonly Envelope[], subject: string) =>
      heard.filter((event) => event.subject === subject).map(({ data }) => (data as { n: number }).n);

    test('a room hears the events as the log has them, in order for each person, and only what it wants', async () => {
      const { heard, deliver } = keep();
      listen(room(), deliver);
      const [ada, bob] = [randomUUID(), randomUUID()];
      const [first] = await say(ada, [0, 1, 2, 3]);
      await say(bob, [0, 1]);
      await under.store.append(`sample-acme.${randomUUID()}`, 'no-stream', [
        { ...sampleEvent(), type: 'Unheard', subject: ada },
      ]);
      await say(ada, [4]);
      await until(() => numbers(heard, ada).includes(4) && numbers(heard, bob).includes(1));
      expect([numbers(heard, ada), numbers(heard, bob)]).toEqual([
        [0, 1, 2, 3, 4],
        [0, 1],
      ]);
      expect(heard.find(({ id }) => id === first!.id)).toMatchObject({ ...first, revision: 0 });
      expect(heard.every(({ type }) => type === TYPE)).toBe(true);
    }, 30_000);

    test('of a type only those whose data say so', async () => {
      const { heard, deliver } = keep();
      listen(room(), deliver, { method: 'paper' });
      const ada = randomUUID();
      await say(ada, [0], { method: 'app' });
      await say(ada, [1], { method: 'paper' });
      await until(() => heard.some(({ subject }) => subject === ada));
      expect(numbers(heard, ada)).toEqual([1]);
    }, 30_000);

    test('what fails is tried again, then parked for that room alone with its cause, and the rest flows', async () => {
      const [sick, well] = [room(), room()];
      const [poison, other] = [randomUUID(), randomUUID()];
      const { heard, deliver } = keep();
      let tries = 0;
      let isMended = false;
      const subscription = listen(sick, async ({ subject }) => {
        if (subject !== poison) return;
        tries++;
        if (!isMended) throw new Error('poison', { cause: new TypeError('what really went wrong') });
      });
      listen(well, deliver);
      const [event] = await say(poison, [0]);
      await say(other, [0]);
      await until(async () => (await under.state.findParked(sick, event!.id)) !== undefined);
      await until(() => numbers(heard, other).length > 0 && numbers(heard, poison).length > 0);
      expect(tries).toBe(5);
      expect(numbers(heard, poison)).toEqual([0]);
      const parked = (await under.state.findParked(sick, event!.id))!;
      expect(parked).toMatchObject({ room: sick, eventId: event!.id, type: TYPE, revision: 0, attempts: 5 });
      expect(parked.cause).toContain('what really went wrong');
      expect(await under.state.findParked(well, event!.id)).toBeUndefined();
      expect(await subscription.retry(parked)).toMatchObject({ attempts: 6 });
      isMended = true;
      expect(await subscription.retry(parked)).toBeUndefined();
      expect(await under.state.findParked(sick, event!.id)).toBeUndefined();
    }, 30_000);

    test('what is merely away is waited for, and nothing is parked', async () => {
      const name = room();
      let tries = 0;
      const ada = randomUUID();
      listen(name, async ({ subject }) => {
        if (subject === ada && tries++ < 9)
          throw new StoreUnavailable('unknown', { cause: new Error('away') });
      });
      const [event] = await say(ada, [0]);
      await until(() => tries === 10);
      expect(await under.state.findParked(name, event!.id)).toBeUndefined();
    }, 60_000);

    test('a room goes on where it ended', async () => {
      const name = room();
      const first = keep();
      const subscription = listen(name, first.deliver);
      const [ada, bob] = [randomUUID(), randomUUID()];
      await say(ada, [0]);
      await until(() => numbers(first.heard, ada).length === 1);
      await subscription.stop();
      await say(bob, [0]);
      const second = keep();
      listen(name, second.deliver);
      await until(() => numbers(second.heard, bob).length === 1);
      expect(numbers(second.heard, ada)).toEqual([]);
      expect(numbers(first.heard, bob)).toEqual([]);
    }, 60_000);
  });
}
