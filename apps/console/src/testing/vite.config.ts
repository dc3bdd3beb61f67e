import { mergeConfig, type Plugin } from 'vite';
import pages from '../../vite.config.ts';

/** What somebody who adds a method writes: a line in the list. */
const withMadeUpKey: Plugin = {
  name: 'with-made-up-key',
  transform(code, id) {
    if (!id.endsWith('/methods/index.ts')) return undefined;
    const list = 'METHODS = [';
    if (!code.includes(list)) throw new Error('the list of methods is not where it was');
    return `import { madeUpKey } from '../testing/made-up-key.tsx';\n${code.replace(list, `${list}madeUpKey, `)}`;
  },
};

/** The same pages with one more method, for the tests. */
export default mergeConfig(pages, { plugins: [withMadeUpKey] });
