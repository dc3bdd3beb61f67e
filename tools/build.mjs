// Builds the whole workspace, or one project with what it needs, in one line: `node tools/build.mjs [PROJECT]`.
// What Nx says of it is in .nx/build.log, and shown whole where the build fails or with --verbose.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { onNode24 } from './node24.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const NX = `${ROOT}node_modules/.bin/nx`;

/** @returns nothing; a build that fails ends the process with what was said of it */
export async function build(project, verbose = false) {
  const what = project === undefined ? ['run-many', '-t', 'build'] : ['run', `${project}:build`];
  const child = spawn(process.execPath, [NX, ...what, '--outputStyle=static'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...(!verbose && { FORCE_COLOR: '0' }) },
  });
  const isTerminal = process.stderr.isTTY && !verbose;
  const say = (text) => process.stderr.write(text);
  if (!isTerminal && !verbose) say('Building…\n');
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data) => {
      said += data;
      if (verbose) process.stderr.write(data);
      const built = said.match(/nx run \S+:build/g)?.length ?? 0;
      if (isTerminal) say(`\r\x1b[KBuilding: ${built} packages`);
    });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (isTerminal) say('\r\x1b[K');
  mkdirSync(`${ROOT}.nx`, { recursive: true });
  writeFileSync(`${ROOT}.nx/build.log`, said);
  if (code === 0) return;
  if (!verbose) say(said);
  process.exit(typeof code === 'number' ? code : 1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [project] = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
  onNode24(() => build(project, isVerbose(process.argv)));
}

/** As `npm start -- --verbose` and `npm start --verbose` say it. */
export function isVerbose(argv) {
  return argv.includes('--verbose') || process.env.npm_config_loglevel === 'verbose';
}
