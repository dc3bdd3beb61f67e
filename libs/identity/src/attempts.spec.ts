import type { AttemptsFact } from '@sparekey/contracts';
import { given as givenEvents, NOON } from '@sparekey/event-sourcing/testing';
import { attemptsDecider, TOLD_AN_HOUR } from './attempts.ts';

const given = (...events: (AttemptsFact & { time?: number })[]) => givenEvents(attemptsDecider, ...events);
const rejected = { type: 'PasswordRejected', data: {} } as const;
const reject = (at: number) => ({ type: 'RejectPassword', at }) as const;

describe('failures before a proven first step', () => {
  test('stand in the log one by one, five an hour', () => {
    const told = Array.from({ length: TOLD_AN_HOUR }, () => rejected);
    given(...told.slice(1))
      .when(reject(NOON))
      .then(rejected);
    given(...told)
      .when(reject(NOON))
      .then();
    given(...told)
      .when(reject(NOON + 3_600_000))
      .then(rejected);
  });

  test('beyond that are summed up', () => {
    const sum = { count: 4_990, from: NOON, until: NOON + 1 };
    given()
      .when({ type: 'SumRejections', ...sum })
      .then({ type: 'PasswordRejectionsSummed', data: sum });
  });
});
