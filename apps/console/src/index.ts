import { fileURLToPath } from 'node:url';

/** The built pages, and which of them stands behind which path. */
export const PAGES = {
  directory: fileURLToPath(new URL('../dist/pages', import.meta.url)),
  paths: {
    '/': 'console.html',
    '/security': 'console.html',
    '/set-up': 'console.html',
    '/sign-in': 'sign-in.html',
    '/sign-in/:domain': 'sign-in.html',
  },
} as const;
