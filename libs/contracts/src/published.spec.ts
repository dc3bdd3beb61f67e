import { readFileSync } from 'node:fs';
import type { Envelope } from '@sparekey/event-sourcing';
import { cloudEventOf, describeTopics, EVENT_CATALOGUE, PUBLISHED } from './index.ts';

const types = new Map(
  Object.values(EVENT_CATALOGUE).flatMap((all) => all.map((one) => [one.type, one] as const)),
);

const envelope = (type: string, data: object): Envelope => ({
  id: '0a000000-0000-4000-8000-000000000001',
  type,
  version: 1,
  stream: 'verification-acme.ada',
  revision: 3,
  time: Date.UTC(2026, 2, 1, 12),
  domain: 'acme',
  subject: 'ada',
  actor: { kind: 'system', id: 'x' },
  correlationId: 'c',
  causationId: 'k',
  data,
});

describe('what is published of an event', () => {
  test.each(Object.entries(PUBLISHED))(
    '%s: fields that it has, none of them sealed or a digest',
    (type, { fields, form }) => {
      const properties = (form ?? types.get(type)!).schema.properties as Record<string, object>;
      for (const field of fields) {
        expect([field, properties[field]]).not.toEqual([field, undefined]);
        const schema = JSON.stringify(properties[field]);
        expect([field, /x-sealed|\{64\}/.test(schema)]).toEqual([field, false]);
      }
    },
  );

  test('is nothing where nothing was said to be, and not for others', () => {
    const said = cloudEventOf(envelope('ContactsChanged', { contacts: '1.sealed' }))!;
    expect(said).toMatchObject({ data: {}, isPublic: false, context: 'enrollment' });
  });

  test('is a CloudEvent in the words of its context', () => {
    const data = { challengeRef: 'r', method: 'totp', holder: 'f', guards: {}, consumes: { through: 7 } };
    expect(cloudEventOf(envelope('ChallengePassed', data))).toEqual({
      id: '0a000000-0000-4000-8000-000000000001',
      context: 'verification',
      type: 'dev.sparekey.verification.challenge-passed.v1',
      source: '/domains/acme',
      subject: 'ada',
      time: '2026-03-01T12:00:00.000Z',
      challengeref: 'r',
      data: { challengeRef: 'r', method: 'totp', factorId: 'f' },
      isPublic: true,
    });
    const code = { ...data, method: 'recovery-code', holder: 'b', consumes: { item: 7 } };
    expect(cloudEventOf(envelope('ChallengePassed', code))!.data).toEqual({
      challengeRef: 'r',
      method: 'recovery-code',
      batchId: 'b',
      index: 7,
    });
    expect(cloudEventOf(envelope('ChallengeEnded', { challengeRef: 'r', reason: 'cancelled' }))!.type).toBe(
      'dev.sparekey.verification.challenge-failed.v1',
    );
  });

  test('is never a summary', () => {
    expect(cloudEventOf(envelope('VerificationSummary', {}))).toBeUndefined();
  });
});

test('the AsyncAPI document that is committed is the one that the events make: npm run docs writes it', () => {
  const committed = readFileSync(new URL('../../../docs/api/asyncapi.json', import.meta.url), 'utf8');
  expect(JSON.parse(committed)).toEqual(JSON.parse(JSON.stringify(describeTopics())));
});
