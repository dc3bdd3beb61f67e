import { fileURLToPath } from 'node:url';
import { PATHS } from './paths.ts';

export { PATHS };

const AT_SIGN_IN = ['/sign-in', '/sign-in/:domain', '/challenge', '/notice'];
/** Behind these the API answers, too: who asks for HTML gets the page. */
const BESIDE_THE_API: readonly string[] = ['/dev/inbox'];

const behind = (paths: readonly string[], file: string) =>
  Object.fromEntries(paths.map((path) => [path, file]));

/** The built pages, and which of them stands behind which path. */
export const PAGES = {
  directory: fileURLToPath(new URL('../dist/pages', import.meta.url)),
  paths: {
    ...behind(
      PATHS.filter((path) => !BESIDE_THE_API.includes(path)),
      'console.html',
    ),
    ...behind(AT_SIGN_IN, 'sign-in.html'),
  },
  besideTheApi: behind(BESIDE_THE_API, 'console.html'),
};
