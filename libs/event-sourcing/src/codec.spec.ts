import { Codec, MalformedEvent, type EventShape } from './codec.ts';
import { sampleEvent } from './testing/index.ts';

const isNamed = (data: unknown) =>
  typeof (data as { name?: unknown }).name === 'string' && Object.keys(data as object).length === 1;
const renamed: EventShape = {
  type: 'Renamed',
  version: 3,
  accepts: isNamed,
  upcasters: {
    1: (data: { first: string; last: string }) => ({ full: `${data.first} ${data.last}` }),
    2: (data: { full: string }) => ({ name: data.full }),
  },
};
const codec = new Codec([renamed]);
const stored = (version: number, data: object) => ({
  ...sampleEvent(data),
  type: 'Renamed',
  version,
  stream: 's-1',
  revision: 0,
});

describe('the codec', () => {
  test('lifts old events to the newest version, step by step', () => {
    expect(codec.decode(stored(1, { first: 'Ada', last: 'L' }))).toMatchObject({
      version: 3,
      data: { name: 'Ada L' },
    });
    expect(codec.decode(stored(2, { full: 'Ada L' }))).toMatchObject({ version: 3, data: { name: 'Ada L' } });
    const newest = stored(3, { name: 'Ada L' });
    expect(codec.decode(newest)).toBe(newest);
  });

  test('reads no event from the future, and none that it does not know', () => {
    expect(() => codec.decode(stored(4, {}))).toThrow(MalformedEvent);
    expect(() => codec.decode({ ...stored(1, {}), type: 'Other' })).toThrow(MalformedEvent);
  });

  test('writes the newest version, and nothing that is not of its schema', () => {
    expect(codec.encode({ type: 'Renamed', data: { name: 'Ada' } })).toEqual({
      type: 'Renamed',
      version: 3,
      data: { name: 'Ada' },
    });
    expect(() => codec.encode({ type: 'Renamed', data: { name: 'Ada', password: 'x' } })).toThrow(
      MalformedEvent,
    );
    expect(() => codec.encode({ type: 'Other', data: {} })).toThrow(MalformedEvent);
  });

  test('never repeats data in its errors', () => {
    expect(() => codec.encode({ type: 'Renamed', data: { secret: 'hunter2' } })).toThrow(
      expect.not.stringContaining('hunter2'),
    );
  });

  test('is not made without an upcaster from every version', () => {
    expect(() => new Codec([{ ...renamed, upcasters: { 2: renamed.upcasters![2]! } }])).toThrow(
      MalformedEvent,
    );
    expect(() => new Codec([renamed, renamed])).toThrow();
  });
});
