import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { faultsOf, importsOf } from './manifests.ts';

const ROOT = join(import.meta.dirname, '..');
const manifestOf = (directory: string) =>
  JSON.parse(readFileSync(join(ROOT, directory, 'package.json'), 'utf8')) as {
    name: string;
    dependencies: Record<string, string>;
  };

describe('the manifest of a package', () => {
  let imports: Awaited<ReturnType<typeof importsOf>>;
  beforeAll(async () => {
    imports = await importsOf(ROOT);
  });

  test('declares what the package imports, and nothing else', () => {
    expect(imports.size).toBeGreaterThan(25);
    const faults = [...imports].flatMap(([directory, imported]) =>
      faultsOf(directory, manifestOf(directory), imported),
    );
    expect(faults).toEqual([]);
  });

  test('is refused as that of apps/standalone once was, which imported @sparekey/hosting undeclared', () => {
    const { '@sparekey/hosting': _, ...dependencies } = manifestOf('apps/standalone').dependencies;
    const former = { name: '@sparekey/standalone', dependencies: { ...dependencies, '@sparekey/smtp': '*' } };
    expect(faultsOf('apps/standalone', former, imports.get('apps/standalone')!)).toEqual([
      'apps/standalone: imports @sparekey/hosting and does not declare it',
      'apps/standalone: declares @sparekey/smtp and does not import it',
    ]);
  });

  test('lets tests use what is declared for development, and code not', () => {
    const imported = { code: new Set(['pino']), tests: new Set(['fast-check']) };
    const manifest = { name: '@sparekey/x', devDependencies: { 'fast-check': '1', pino: '1' } };
    expect(faultsOf('libs/x', manifest, imported)).toEqual(['libs/x: imports pino and does not declare it']);
  });
});
