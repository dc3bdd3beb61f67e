import type { EventStore, StoreRight } from '@sparekey/event-sourcing';
import { MemoryEventStore } from '@sparekey/event-sourcing/testing';
import { LogClock, requireClock, SystemClock } from './clock.ts';

describe('the system clock', () => {
  let wall: number;
  let running: number;
  let ticking: number;
  let looks: number;
  let clock: SystemClock;
  const sleep = (seconds: number) => {
    wall += seconds * 1_000;
    running += seconds * 1_000;
  };
  const pass = (seconds: number) => {
    sleep(seconds);
    ticking += seconds * 1_000;
  };
  beforeEach(() => {
    [wall, running, ticking, looks] = [1_800_000_000_000, 0, 0, 0];
    const look = () => {
      looks++;
      return running;
    };
    clock = new SystemClock({ wall: () => wall, running: look, ticking: () => ticking });
  });

  test('is believed while both clocks run alike, through a night too', () => {
    pass(86_400);
    expect(clock.fault()).toBeUndefined();
    expect(() => requireClock(clock)).not.toThrow();
    expect(clock.now()).toBe(wall);
  });

  test.each([
    [-4, false],
    [-6, true],
    [599, false],
    [601, true],
  ])('that is set by %i s is at fault: %s', (seconds, atFault) => {
    pass(100);
    wall += seconds * 1_000;
    expect(clock.fault() !== undefined).toBe(atFault);
    if (atFault) expect(() => requireClock(clock)).toThrow('clock-fault');
  });

  test('is believed after the machine has slept', () => {
    pass(10);
    expect(clock.fault()).toBeUndefined();
    sleep(86_400);
    expect(clock.fault()).toBeUndefined();
    wall += 601_000;
    expect(clock.fault()).toContain('601 s ahead');
  });

  test('is checked in full only where something may have set it, and then at once', () => {
    for (let n = 0; n < 1_000; n++) {
      pass(1);
      expect(clock.fault()).toBeUndefined();
    }
    expect(looks).toBe(2); // at the start, and once
    for (let n = 0; n < 120; n++) wall -= 45; // each step is too small to be seen
    expect(clock.fault()).toContain('5 s behind');
    expect(clock.fault()).toBeDefined();
    wall += 120 * 45;
    expect(clock.fault()).toBeUndefined();
    for (let n = 0; n < 120; n++) {
      wall -= 45;
      clock.fault();
    }
    expect(clock.fault()).toContain('5 s behind');
  });

  test('is looked at anew when the newest event is known', () => {
    expect(clock.fault()).toBeUndefined();
    clock.expectAfter(wall + 480_000);
    expect(clock.fault()).toBeDefined();
  });

  test('is believed again as soon as it fits again', () => {
    wall -= 60_000;
    expect(clock.fault()).toContain('60 s behind');
    wall += 60_000;
    expect(clock.fault()).toBeUndefined();
  });

  test('that stands before the newest event is at fault until it has caught up', () => {
    clock.expectAfter(wall + 480_000);
    expect(clock.fault()).toContain('480 s behind');
    pass(470);
    expect(clock.fault()).toBeDefined();
    pass(10);
    expect(clock.fault()).toBeUndefined();
  });
});

test('a store that is followed tells as before who may do what in it, where it can', async () => {
  const clock = new LogClock(new SystemClock());
  const right: StoreRight = { who: 'anybody', may: 'delete', allowed: true, wanted: false };
  const store: EventStore = Object.assign(new MemoryEventStore(), { rights: async () => [right] });
  expect(await (await clock.follow(store)).rights?.()).toEqual([right]);
  expect((await clock.follow(new MemoryEventStore())).rights).toBeUndefined();
});
