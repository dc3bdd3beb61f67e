/** Where in the conversation an answer was given: `MESSAGE` is the one after the final dot. */
export type Stage = 'CONN' | 'EHLO' | 'STARTTLS' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'MESSAGE';

/**
 * What an answer means for what waits to be sent.
 *
 * - `recipient-for-good`: a verdict on this recipient that will not change; the message ends.
 * - `message-later`: this message is delayed, others go on.
 * - `channel`: the sender, the login, the quota or the configuration; everybody's mail waits, and nothing is given up.
 */
export type Meaning = 'recipient-for-good' | 'message-later' | 'channel';

/** Before a recipient is named an answer is about ourselves. */
const ABOUT_US: readonly Stage[] = ['CONN', 'EHLO', 'STARTTLS', 'AUTH', 'MAIL'];

/**
 * Enhanced status codes of class 5 (RFC 3463, IANA's registry of them), to the letter or by their subject; what is not
 * listed is the channel's, so that no message is given up for a reason that is not its recipient's.
 */
const ENHANCED: Readonly<Record<string, Meaning>> = {
  '5.1.0': 'recipient-for-good', // other address status
  '5.1.1': 'recipient-for-good', // no such mailbox
  '5.1.2': 'recipient-for-good', // no such system
  '5.1.3': 'recipient-for-good', // bad syntax of the address
  '5.1.4': 'recipient-for-good', // ambiguous
  '5.1.6': 'recipient-for-good', // has moved, no forwarding address
  '5.1.10': 'recipient-for-good', // null MX (RFC 7505); Microsoft: not found
  '5.2.1': 'recipient-for-good', // mailbox disabled
  '5.2.2': 'message-later', // mailbox full: it can be emptied
  '5.2.4': 'recipient-for-good', // trouble with the expansion of a list
  '5.2.121': 'message-later', // Microsoft: the recipient's hourly limit for one sender
  '5.2.122': 'message-later', // Microsoft: the recipient's hourly limit
  '5.7.17': 'recipient-for-good', // the mailbox has another owner now (RFC 7293)
  '5.7.18': 'recipient-for-good', // the domain has another owner now (RFC 7293)
};

/** Basic codes of class 5 at RCPT where no enhanced code is said (RFC 5321 section 4.2.3). */
const BASIC: Readonly<Record<string, Meaning>> = {
  '550': 'recipient-for-good', // mailbox unavailable
  '551': 'recipient-for-good', // user not local
  '553': 'recipient-for-good', // mailbox name not allowed
};

/** Servers that say the same code of a recipient and of ourselves differ in their words. */
const WORDS: readonly (readonly [words: RegExp, meaning: Meaning])[] = [
  [/at a rate|too (quickly|many|fast)/i, 'message-later'],
  [
    /sender|relay(?! recipient)|authenticat|not authorized|prohibit|policy|spam|block(ed|list)|blacklist|delivery is not allowed|access denied/i,
    'channel',
  ],
  [
    /user doesn't have|mailbox (is )?(disabled|not found|unavailable)|no such (user|mailbox)|user unknown|invalid rcpt|domain missing or malformed/i,
    'recipient-for-good',
  ],
];

/** @param answer the server's words, with their codes; empty where it hung up or said nothing in time */
export function meaningOf(stage: Stage, answer: string): Meaning {
  if (ABOUT_US.includes(stage)) return 'channel';
  if (!answer.startsWith('5')) return 'message-later';
  const enhanced = /(?<![\d.])5\.\d{1,3}\.\d{1,3}(?![\d.])/.exec(answer)?.[0];
  const said = enhanced === undefined ? undefined : ENHANCED[enhanced];
  const [, byWords] = WORDS.find(([words]) => words.test(answer)) ?? [];
  if (said === 'recipient-for-good') return byWords ?? said;
  if (said !== undefined) return said;
  if (byWords === 'recipient-for-good') return byWords;
  if (enhanced !== undefined || stage !== 'RCPT') return 'channel';
  return byWords ?? BASIC[answer.slice(0, 3)] ?? 'channel';
}
