import { spawnSync } from 'node:child_process';

const LIFECYCLE = new URL('../dist/lifecycle.js', import.meta.url).href;

test('a rejection that nobody handled is logged and counted, and ends no process', () => {
  const program = `
    const { countRejections, outliveRejections } = await import(${JSON.stringify(LIFECYCLE)});
    outliveRejections({ error: ({ err }, text) => console.log(text, err.message) });
    void Promise.reject(new Error('of a library'));
    setTimeout(() => console.log('still here', countRejections()), 50);`;
  const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
  });
  expect({ status, stdout }).toEqual({
    status: 0,
    stdout: 'a rejection that nobody handled of a library\nstill here 1\n',
  });
});
