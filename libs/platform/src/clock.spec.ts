import { requireClock, SystemClock } from './clock.ts';

describe('the system clock', () => {
  let wall: number;
  let running: number;
  let clock: SystemClock;
  const pass = (seconds: number) => {
    wall += seconds * 1_000;
    running += seconds * 1_000;
  };
  beforeEach(() => {
    [wall, running] = [1_800_000_000_000, 0];
    clock = new SystemClock({ wall: () => wall, running: () => running });
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
