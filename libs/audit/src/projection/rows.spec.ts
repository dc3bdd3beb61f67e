import { codec, EVENT_CATALOGUE } from '@sparekey/contracts';
import { entryOf } from './audit.projection.ts';
import { ACTIONS, ROWS } from './rows.ts';

const facts = Object.values(EVENT_CATALOGUE)
  .flat()
  .filter(({ summary }) => !summary);

describe('the rows of the audit log', () => {
  test.each(facts.map(({ type }) => type))('%s has its row, or a reason why it has none', (type) => {
    const row = ROWS[type as keyof typeof ROWS];
    expect(row).toBeDefined();
    if ('silent' in row) expect(row.silent.length).toBeGreaterThan(15);
    else expect(row.action).toMatch(/^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$/);
  });

  test('are of facts that there are, and no two of one action', () => {
    expect(Object.keys(ROWS).sort()).toEqual(facts.map(({ type }) => type).sort());
    expect(new Set(ACTIONS).size).toBe(ACTIONS.length);
  });

  test('show nothing that is sealed', () => {
    for (const { type, schema } of facts) {
      const row = ROWS[type as keyof typeof ROWS];
      const sealed = Object.entries(schema.properties)
        .filter(([, property]) => 'x-sealed' in property)
        .map(([name]) => name);
      if ('action' in row) expect((row.detail ?? []).filter((name) => sealed.includes(name))).toEqual([]);
    }
  });

  test('leave summaries out', () => {
    const envelope = {
      id: '0a000000-0000-4000-8000-000000000001',
      type: 'VerificationSummary',
      version: 2,
      time: 0,
      domain: 'acme',
      subject: 'ada',
      actor: { kind: 'system', id: 'x' } as const,
      correlationId: 'c',
      causationId: 'c',
      data: {},
      stream: 'verification-acme.ada',
      revision: 0,
    };
    expect(entryOf(codec.decode(envelope))).toBeUndefined();
    expect(entryOf({ ...envelope, type: 'WaitsCleared', version: 1 })).toMatchObject({
      action: 'waits.cleared',
    });
  });
});
