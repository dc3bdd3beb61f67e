// `npm start` and `npm run services`: builds an app and becomes it, so that signals reach it and nothing stands between.
import { fileURLToPath } from 'node:url';
import { build, isVerbose } from './build.mjs';
import { onNode24 } from './node24.mjs';

const [app, project] = process.argv.slice(2);

onNode24(async () => {
  await build(project === '--all' ? undefined : `@sparekey/${app}`, isVerbose(process.argv));
  const main = fileURLToPath(new URL(`../apps/${app}/dist/main.js`, import.meta.url));
  process.execve(process.execPath, [process.execPath, '--disable-warning=ExperimentalWarning', main]);
});
