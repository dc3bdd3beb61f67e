import { globSync, readFileSync } from 'node:fs';
import { PAGES } from '@sparekey/console';
import { MISSION } from './mission.ts';

const specs = globSync(`${import.meta.dirname}/*.system.spec.ts`)
  .map((file) => readFileSync(file, 'utf8'))
  .filter((text) => text.includes('playwright-core') || text.includes('./pages.ts'))
  .join('\n');
const served = { ...PAGES.paths, ...PAGES.besideTheApi };

describe('what people can do today', () => {
  test.each(Object.entries(MISSION))('row %s has its page, and a browser walks it', (_, { pages, tests }) => {
    for (const page of pages) expect(Object.keys(served)).toContain(page);
    expect(tests.length).toBeGreaterThan(0);
    for (const name of tests) expect(specs).toContain(`'${name}',`);
  });

  test('no page is there for nothing', () => {
    const used = new Set<string>(Object.values(MISSION).flatMap(({ pages }) => pages));
    const others = ['/', '/sign-in', '/profile', '/administrators', '/identity-providers'];
    expect(Object.keys(served).filter((path) => !used.has(path) && !others.includes(path))).toEqual([]);
  });
});
