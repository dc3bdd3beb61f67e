import { meaningOf } from './answers.ts';
import { SMTP_ANSWERS } from './testing/index.ts';

test.each(SMTP_ANSWERS)('$command: $answer ($source) is $meaning', ({ command, answer, meaning }) => {
  expect(meaningOf(command, answer)).toBe(meaning);
});

test('a server that hangs up on one message delays that one', () => {
  expect(meaningOf('RCPT', '')).toBe('message-later');
  expect(meaningOf('MESSAGE', '')).toBe('message-later');
  expect(meaningOf('CONN', '')).toBe('channel');
});
