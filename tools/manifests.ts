import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import config from '../.dependency-cruiser.mjs';

/** Packages that a package needs without an import, each with its reason. */
const WITHOUT_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'libs/platform': ['reflect-metadata'], // NestJS asks for it as a peer
  // what React's imports become (vite.config.ts), a peer of its icons, types, and what writes those of the API
  'apps/console': [
    'preact',
    'react-dom',
    '@types/react',
    '@types/react-dom',
    '@types/d3-scale',
    '@types/d3-shape',
    'openapi-typescript',
  ],
};
/** Bundled when it is built: what it imports is not there when it runs, and is declared for building it. */
const BUNDLED = ['apps/console'];
/** Its tests use the table of adapters, which itself declares this package: a circle that no build could begin. */
const TESTED_THROUGH_TESTING = ['libs/adapters/eventstoredb', 'apps/eventstoredb-stand-in'];
const PACKAGE = /^(?:libs\/adapters|libs|apps)\/[^/]+/;

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** What one package imports, by what it is imported for. */
interface Imported {
  readonly code: Set<string>;
  readonly tests: Set<string>;
}

const packageOf = (specifier: string) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');

const isTest = (file: string) =>
  file.startsWith('apps/system-tests/') ||
  (/[.]spec[.]ts$|\/testing\//.test(file) && !file.startsWith('libs/testing/'));

/** Every package of the workspace with the packages that its sources import. */
export async function importsOf(root: string): Promise<ReadonlyMap<string, Imported>> {
  const { output } = await cruise(
    ['libs', 'apps'],
    { ...(config.options as ICruiseOptions), baseDir: root },
    {},
    { tsConfig: extractTSConfig(join(root, 'tsconfig.json')) },
  );
  const packages = new Map<string, Imported>();
  for (const { source, dependencies } of (output as ICruiseResult).modules) {
    const directory = PACKAGE.exec(source)?.[0];
    if (directory === undefined || !/[.]tsx?$/.test(source)) continue;
    const imported = packages.get(directory) ?? { code: new Set(), tests: new Set() };
    packages.set(directory, imported);
    for (const { module, dependencyTypes } of dependencies) {
      if (module.startsWith('.') || dependencyTypes.includes('core')) continue;
      (isTest(source) || BUNDLED.includes(directory) ? imported.tests : imported.code).add(packageOf(module));
    }
  }
  return packages;
}

/**
 * What is wrong with a manifest: Nx builds what a manifest declares and nothing else, so that an import which is not
 * declared fails on a machine where nothing was built before.
 */
export function faultsOf(directory: string, manifest: Manifest, { code, tests }: Imported): string[] {
  const own = packageOf(manifest.name);
  const declared = new Set(Object.keys(manifest.dependencies ?? {}));
  const forTests = new Set([...declared, ...Object.keys(manifest.devDependencies ?? {})]);
  const excused = new Set(WITHOUT_IMPORT[directory]);
  const throughTesting = TESTED_THROUGH_TESTING.includes(directory) ? ['@sparekey/testing'] : [];
  const undeclared = [
    ...[...code].filter((name) => name !== own && !declared.has(name)),
    ...[...tests].filter((name) => name !== own && !forTests.has(name) && !throughTesting.includes(name)),
  ];
  const unused = [...forTests].filter((name) => !code.has(name) && !tests.has(name) && !excused.has(name));
  return [
    ...new Set(undeclared.map((name) => `${directory}: imports ${name} and does not declare it`)),
    ...unused.map((name) => `${directory}: declares ${name} and does not import it`),
  ];
}

/** The faults of every manifest below a root. */
export async function manifestFaults(root: string): Promise<string[]> {
  const faults: string[] = [];
  for (const [directory, imported] of await importsOf(root)) {
    const manifest = JSON.parse(readFileSync(join(root, directory, 'package.json'), 'utf8')) as Manifest;
    faults.push(...faultsOf(directory, manifest, imported));
  }
  return faults;
}

if (import.meta.main) {
  const faults = await manifestFaults(join(import.meta.dirname, '..'));
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  if (faults.length > 0) process.exitCode = 1;
}
