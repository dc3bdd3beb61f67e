import type { ListenerState, Parked } from '../listener-state.ts';

/** What a contract run needs of an adapter: a state of its own, and the same one found again by a new process. */
export interface ListenerStateUnderTest {
  readonly state: ListenerState;
  reopen(): Promise<ListenerState>;
  close(): Promise<void>;
}

export const sampleParked = (room: string, n: number, more: Partial<Parked> = {}): Parked => ({
  room,
  eventId: `0a000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
  type: 'SomethingHappened',
  stream: 'sample-acme.ada',
  revision: n,
  position: String(100 + n),
  attempts: 5,
  cause: 'Error: poison\n    at handler\ncaused by TypeError: "x" is not a function',
  parkedAt: 1_772_366_400_000 + n,
  ...more,
});

/** The whole contract of {@link ListenerState}; every adapter runs all of it. */
export function listenerStateContract(adapter: string, open: () => Promise<ListenerStateUnderTest>): void {
  describe(`the state of listeners on ${adapter}`, () => {
    let under: ListenerStateUnderTest;
    let state: ListenerState;

    beforeEach(async () => {
      under = await open();
      state = under.state;
    });
    afterEach(() => under.close());

    test('a room has heard nothing, then goes on behind where it was, each by itself', async () => {
      expect(await state.position('one')).toBeUndefined();
      await state.advance('one', '7');
      await state.advance('other', '3');
      await state.advance('one', '12');
      expect([await state.position('one'), await state.position('other')]).toEqual(['12', '3']);
    });

    test('gives back what was parked, once for each room, by room and page by page', async () => {
      const all = [sampleParked('one', 1), sampleParked('other', 1), sampleParked('one', 2)];
      for (const parked of all) await state.park(parked);
      expect(await state.parked({ limit: 10 })).toEqual(all);
      expect(await state.parked({ room: 'one', limit: 10 })).toEqual([all[0], all[2]]);
      expect(await state.parked({ limit: 2 })).toEqual(all.slice(0, 2));
      expect(await state.parked({ limit: 2, after: all[1]! })).toEqual(all.slice(2));
      expect(await state.countParked()).toBe(3);
      expect(await state.findParked('other', all[1]!.eventId)).toEqual(all[1]);
      expect(await state.findParked('other', all[2]!.eventId)).toBeUndefined();
    });

    test('parking again replaces the cause, and unparking forgets', async () => {
      const first = sampleParked('one', 1);
      await state.park(first);
      const again = { ...first, attempts: 6, cause: 'Error: still', parkedAt: first.parkedAt + 1 };
      await state.park(again);
      expect(await state.parked({ limit: 10 })).toEqual([again]);
      await state.unpark('one', first.eventId);
      expect(await state.countParked()).toBe(0);
    });

    test('everything is there when it is opened again', async () => {
      await state.advance('one', '7');
      await state.park(sampleParked('one', 1));
      state = await under.reopen();
      expect(await state.position('one')).toBe('7');
      expect(await state.countParked()).toBe(1);
    });
  });
}
