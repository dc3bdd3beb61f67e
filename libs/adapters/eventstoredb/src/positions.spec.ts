import { NoPosition, position, positionText } from './positions.ts';

test('a place comes back from its text', () => {
  const place = { commit: 2n ** 62n, prepare: 7n };
  expect(position(positionText(place))).toEqual(place);
});

test.each(['abc', '', '12', '1/2/3', '-1/-1', '1/x', '5/9'])('%j is told to be none', (text) => {
  expect(() => position(text)).toThrow(NoPosition);
});
