import type { TokensFact } from '@sparekey/contracts';
import { given as givenEvents, NOON } from '@sparekey/event-sourcing/testing';
import { MAX_TOKENS, tokensDecider } from './tokens.ts';

const given = (...events: TokensFact[]) => givenEvents(tokensDecider, ...events);
const tokenId = '07000000-0000-4000-8000-000000000001';
const digest = 'd'.repeat(64);
const issued: TokensFact = {
  type: 'ApiTokenIssued',
  data: { tokenId, name: '1.name', digest, role: 'service', service: 'payroll' },
};
const issue = (expiresAt?: number) =>
  ({
    type: 'IssueToken',
    tokenId,
    name: '1.name',
    digest,
    role: 'service',
    service: 'payroll',
    ...(expiresAt && { expiresAt }),
    at: NOON,
  }) as const;

describe('API tokens', () => {
  test('are issued and revoked', () => {
    given().when(issue()).then(issued);
    given(issued).when({ type: 'RevokeToken', tokenId }).then({ type: 'ApiTokenRevoked', data: { tokenId } });
  });

  test('are revoked once', () => {
    given(issued, { type: 'ApiTokenRevoked', data: { tokenId } })
      .when({ type: 'RevokeToken', tokenId })
      .refuses('not-found');
  });

  test('never expire in the past', () => {
    given().when(issue(NOON)).refuses('validation-failed');
  });

  const many = (expiresAt?: number) =>
    Array.from({ length: MAX_TOKENS }, (): TokensFact => ({
      ...issued,
      data: { ...issued.data, ...(expiresAt && { expiresAt }) },
    }));

  test('are as many as can be looked over; expired ones do not count', () => {
    given(...many())
      .when(issue())
      .refuses('policy-refused');
    given(...many(NOON - 1))
      .when(issue())
      .then(issued);
  });

  test("never keep the sign-in service from having its own, which is none of a domain's", () => {
    const own = { ...issued, data: { ...issued.data, secret: 'sealed' } };
    given(...many())
      .when({ ...issue(), secret: 'sealed' })
      .then(own);
    given(own, ...many().slice(1))
      .when(issue())
      .then(issued);
  });
});
