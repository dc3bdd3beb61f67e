import tseslint from 'typescript-eslint';

const DECIDERS = [
  'libs/factors/src/**/*.ts',
  'libs/enrollment/src/{domain,user}.ts',
  'libs/recovery/src/codes.ts',
  'libs/identity/src/{tokens,access-tokens,account,attempts,claims}.ts',
  'libs/notification/src/notice.ts',
  'libs/verification/src/{verification,challenges,deliveries,locks}.ts',
];

/** Imports are judged by dependency-cruiser (.dependency-cruiser.mjs); here is what stands inside a file. */
export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      'apps/console/vite.config.ts',
      'apps/console/src/api/schema.d.ts',
      '**/node_modules/**',
      '.nx/**',
      'tools/forbidden-imports/**',
      '**/*.mjs',
    ],
  },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: { project: ['./tsconfig.json', './apps/console/tsconfig.json'] },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error', // an append that nobody awaits is an append that may be lost
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off', // ports are asynchronous where an adapter need not be
      '@typescript-eslint/consistent-type-imports': 'off', // would take what dependency injection reads away from classes
      'no-console': 'error',
      'max-lines': ['error', 300],
      complexity: ['error', 16],
      'max-depth': ['error', 3],
      eqeqeq: 'error',
    },
  },
  {
    files: DECIDERS,
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        {
          object: 'Date',
          property: 'now',
          message: 'time is gathered before a decision and comes in with the command',
        },
        { object: 'Math', property: 'random', message: 'randomness is gathered before a decision' },
        { object: 'crypto', property: 'randomUUID', message: 'randomness is gathered before a decision' },
      ],
      'no-restricted-globals': [
        'error',
        { name: 'process', message: 'a decision depends on nothing but its arguments' },
      ],
    },
  },
  {
    files: [
      '**/*.spec.ts',
      'bench/**/*.ts',
      'examples/**/*.ts',
      'libs/testing/**/*.ts',
      'apps/eventstoredb-stand-in/**/*.ts',
      'apps/system-tests/**/*.ts',
    ],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-misused-promises': 'off',
      '@typescript-eslint/unbound-method': 'off',
      'max-lines': ['error', 500],
      'no-console': 'off',
    },
  },
  {
    // tables: a line for each form
    files: [
      'libs/canonical/src/testing/*.ts',
      'libs/adapters/smtp/src/testing/*.ts',
      'libs/testing/src/callbacks.ts',
    ],
    rules: { 'max-lines': 'off' },
  },
);
