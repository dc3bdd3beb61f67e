// Written for any Node from 18 on: it finds the Node that everything else here runs on.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, lstatSync, rmSync, symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const MODULES = fileURLToPath(new URL('../node_modules/', import.meta.url));
const LINK = `${MODULES}.bin/node`;
const OWN = `node-${process.platform}-${process.arch}`;

const isEnough = (version) => {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  return major > 24 || (major === 24 && minor >= 7);
};

const versionOf = (program) => spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout?.trim() ?? '';

const isLinked = () => lstatSync(LINK, { throwIfNoEntry: false }) !== undefined;

/**
 * Puts the Node of package-lock.json where npm scripts find it first. Before 11.19 npm takes that link away together
 * with the package of the other processor, which claims the same name. A link to a Node that does not run here (musl)
 * goes, so that the system's is taken.
 */
function linkNode() {
  const program = `${MODULES}${OWN}/bin/node`;
  if (isLinked() && !isEnough(versionOf(LINK))) rmSync(LINK);
  if (!isLinked() && existsSync(program) && isEnough(versionOf(program)))
    symlinkSync(`../${OWN}/bin/node`, LINK);
}

const explain = () => `Node 24.7 or newer is needed, this is ${process.versions.node}.
On Linux (x64 and arm64, glibc) it comes with \`npm ci\`: run that, without --omit=optional.
Elsewhere get it from https://nodejs.org/en/download, or by nvm install 24, fnm install 24 or volta install node@24.
`;

/** Runs `main` on a Node that is new enough, this one or that of package-lock.json; else says what is needed, and ends. */
export function onNode24(main) {
  if (isEnough(process.versions.node)) return void main();
  linkNode();
  if (!isEnough(versionOf(LINK))) {
    process.stderr.write(explain());
    process.exit(1);
  }
  const child = spawn(LINK, [...process.execArgv, ...process.argv.slice(1)], { stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal ? 1 : code));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv[2] === '--link') linkNode();
  else onNode24(() => undefined);
}
