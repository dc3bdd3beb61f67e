import { EVENT_CATALOGUE } from '@sparekey/contracts';
import { CATALOGUES, languageOf } from './texts/index.ts';
import { NOTICE_POLICY, NOTIFIED_TYPES, type Notified } from './notice-policy.ts';

const facts = Object.values(EVENT_CATALOGUE)
  .flat()
  .filter(({ summary }) => !summary);

describe('notices', () => {
  test.each(facts.map(({ type }) => type))('%s is told, or there is a reason why not', (type) => {
    const told = NOTICE_POLICY[type as keyof typeof NOTICE_POLICY];
    expect(told).toBeDefined();
    if ('silent' in told) expect(told.silent.length).toBeGreaterThan(8);
    else expect(['person', 'administrators']).toContain(told.to);
  });

  test('are of facts that there are', () => {
    expect(Object.keys(NOTICE_POLICY).sort()).toEqual(facts.map(({ type }) => type).sort());
  });

  test('that can be repudiated are about one person', () => {
    for (const type of NOTIFIED_TYPES) {
      const told = NOTICE_POLICY[type] as Notified;
      if (told.repudiable) expect([type, told.to]).toEqual([type, 'person']);
    }
  });

  describe.each(Object.entries(CATALOGUES))('in %s', (_, catalogue) => {
    const named = { organisation: 'Acme', user: 'ada', number: 7, left: 1, few: true, until: 'noon' };

    test.each(NOTIFIED_TYPES)('%s has a text', (type) => {
      const { subject, body } = catalogue.notices[type](named);
      expect(subject).toMatch(/^[^\r\n]{10,78}$/);
      expect(body.length).toBeGreaterThan(20);
      expect(subject + body).not.toMatch(/undefined|NaN|\[object/);
    });
  });

  test('are in English for who reads a language that there is none for', () => {
    expect(['nl', 'nl-BE', 'NL', 'fr', '', undefined, 'constructor'].map(languageOf)).toEqual([
      'nl',
      'nl',
      'nl',
      'en',
      'en',
      'en',
      'en',
    ]);
  });
});
