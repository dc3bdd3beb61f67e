import { noticeDecider, type Notice, type NoticeCommand } from './notice.ts';

const claim = {
  eventId: '0a000000-0000-4000-8000-000000000001',
  kind: 'FactorRemoved',
  stream: 'factors-acme.ada',
  revision: 4,
  happenedAt: 1_000,
  channel: 'email' as const,
  message: '1.AAAA',
  deadline: 90_000,
  until: 20_000,
};
const types = (command: NoticeCommand, notice: Notice) =>
  noticeDecider.decide(command, notice).map(({ type }) => type);
const after = (...commands: NoticeCommand[]): Notice =>
  commands.reduce(
    (notice, command) =>
      noticeDecider
        .decide(command, notice)
        .reduce((state, fact) => noticeDecider.evolve(state, { ...fact, time: 0 }), notice),
    noticeDecider.initialState(),
  );

const claimed: NoticeCommand = { type: 'ClaimNotice', claim };
const sent: NoticeCommand = { type: 'NoteSent', attempts: 1 };
const givenUp: NoticeCommand = { type: 'GiveUp', reason: 'refused', attempts: 1 };
const renew = (mine: boolean, at: number): NoticeCommand => ({
  type: 'RenewClaim',
  mine,
  at,
  until: at + 20_000,
});

test('a notice is claimed once', () => {
  expect(types(claimed, after())).toEqual(['NoticeClaimed']);
  expect(types(claimed, after(claimed))).toEqual([]);
  expect(types({ ...claimed, hopeless: 'no-provider' }, after())).toEqual(['NoticeClaimed', 'NoticeFailed']);
});

test('a claim is taken over only when its time is over, and renewed by its holder at any time', () => {
  expect(types(renew(false, 19_999), after(claimed))).toEqual([]);
  expect(types(renew(true, 19_999), after(claimed))).toEqual(['NoticeClaimRenewed']);
  expect(types(renew(false, 20_000), after(claimed))).toEqual(['NoticeClaimRenewed']);
  expect(types(renew(false, 39_999), after(claimed, renew(false, 20_000)))).toEqual([]);
});

test.each([
  ['sent', sent],
  ['given up', givenUp],
])('a notice that was %s has ended', (_, end) => {
  const ended = after(claimed, end);
  expect(types(sent, ended)).toEqual([]);
  expect(types(givenUp, ended)).toEqual([]);
  expect(types(renew(true, 30_000), ended)).toEqual([]);
});

test('“this was not me” is said once, whatever became of the sending', () => {
  const repudiate: NoticeCommand = { type: 'RepudiateNotice' };
  expect(types(repudiate, after(claimed))).toEqual(['NoticeRepudiated']);
  expect(types(repudiate, after(claimed, givenUp))).toEqual(['NoticeRepudiated']);
  expect(types(repudiate, after(claimed, repudiate))).toEqual([]);
  expect(() => types(repudiate, after())).toThrow('not-found');
});
