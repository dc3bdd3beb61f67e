import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Prints which packages are loaded with one of ours, as it is built for whoever installs it. */
const PROGRAM = `
import { registerHooks } from 'node:module';
const seen = new Set();
registerHooks({
  load(url, context, next) {
    const name = /node_modules\\/((?:@[^/]+\\/)?[^/]+)\\//.exec(url)?.[1];
    if (name) seen.add(name);
    return next(url, context);
  },
});
await import(process.argv[1]);
console.log(JSON.stringify([...seen].sort()));
`;

const HERE = fileURLToPath(new URL('.', import.meta.url));
/** Of reading what people and services send, in its one spelling. */
const CANONICAL = ['ipaddr.js', 'libphonenumber-js', 'validator'];

test.each([
  ['@sparekey/contracts', [...CANONICAL, 'typebox']],
  ['@sparekey/client', [...CANONICAL, 'jose', 'typebox']],
])('%s loads %j of others, and no way to prove nor a store of ours', (name, wanted) => {
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', PROGRAM, name], {
    cwd: HERE,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect((JSON.parse(stdout) as string[]).sort()).toEqual(wanted.toSorted());
});
