import { readFileSync } from 'node:fs';

const swc = JSON.parse(readFileSync(new URL('.swcrc', import.meta.url), 'utf8'));
delete swc.exclude;
delete swc.jsc.rewriteRelativeImportExtensions; // jest runs the sources: './x.ts' stays './x.ts'

export default {
  testEnvironment: 'node',
  testEnvironmentOptions: {
    customExportConditions: ['@sparekey/source', 'node', 'node-addons', 'import', 'default'],
  },
  // jest takes the condition `import` for a require, too, and would give pg modules where it extends their classes
  moduleNameMapper: {
    '^libphonenumber-js/max$': '<rootDir>/node_modules/libphonenumber-js/max/index.cjs', // class-validator requires it
    '^pg$': '<rootDir>/node_modules/pg/lib/index.js',
    '^pg-(pool|connection-string)$': '<rootDir>/node_modules/pg-$1/index.js',
    '^pg-protocol$': '<rootDir>/node_modules/pg-protocol/dist/index.js',
  },
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/tools'],
  testMatch: ['**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['/dist/'],
  transform: { '^.+\\.ts$': ['@swc/jest', { ...swc, swcrc: false }] },
  // ES modules of a spec that is done stay in memory: a worker that holds so much is replaced by a new one
  workerIdleMemoryLimit: '1500MB',
  testTimeout: 30_000,
};
