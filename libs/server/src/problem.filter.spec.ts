import { StoreUnavailable } from '@sparekey/event-sourcing';
import type { FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import { ProblemFilter } from './problem.filter.ts';

const reply = () => {
  const own = { code: () => own, type: () => own, header: () => own, send: () => own };
  return own as unknown as FastifyReply;
};

test('a server that is away is told of once a second and cause, without a stack; what broke here, each time', () => {
  const lines: object[] = [];
  const filter = new ProblemFilter({ error: (line: object) => lines.push(line) } as unknown as Logger);
  const away = (cause: string) => new StoreUnavailable('not-appended', { cause: new Error(cause) });
  for (let n = 0; n < 50; n++) filter.answer(away('refused'), { id: `${n}` }, reply());
  filter.answer(away('frozen'), { id: 'f' }, reply());
  expect(lines).toEqual([
    { requestId: '0', code: 'not-ready', cause: 'the event store is unavailable: refused' },
    { requestId: 'f', code: 'not-ready', cause: 'the event store is unavailable: frozen' },
  ]);
  for (let n = 0; n < 3; n++) filter.answer(new Error('a fault of ours'), { id: `b${n}` }, reply());
  expect(lines.slice(2)).toHaveLength(3);
  expect(lines[2]).toHaveProperty('err.stack');
});
