import { fileURLToPath } from 'node:url';
import { failLoudly, resolveSecrets, showDemo } from '@sparekey/hosting';
import { Fleet } from '@sparekey/hosting/fleet';
import { createLogger, readConfiguration } from '@sparekey/platform';
import { DataDirectory, DataDirectoryFault } from '@sparekey/sqlite';
import { passOn } from './environment.ts';
import { isLogEmpty } from './log-is-empty.ts';
import { startServers } from './servers.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Everything that `docker compose up` starts, on this machine and without Docker. */
async function start(): Promise<void> {
  const configuration = readConfiguration(process.env);
  const directory = new DataDirectory(configuration.dataDirectory);
  const logger = createLogger(configuration.logLevel);
  const servers = await startServers(ROOT, directory, process.env, (text) => logger.info(text));
  const logIsEmpty = await isLogEmpty(servers.environment.EVENTSTORE_URL!);
  const { notes, operatorToken } = resolveSecrets(configuration, directory, logIsEmpty);
  for (const note of notes) logger.info(note);
  const fleet = await Fleet.start({
    main: (member) => `${ROOT}/apps/${member}/dist/main.js`,
    environment: passOn(process.env, directory.path, operatorToken, servers.environment),
    port: configuration.port,
    host: configuration.host,
    publicUrl: configuration.publicUrl,
    restarts: true,
    onOutput: (_member, text) => process.stdout.write(text),
  });
  let stopping: Promise<void> | undefined;
  const stop = () =>
    (stopping ??= fleet
      .stop()
      .then(() => servers.stop())
      .then(() => directory.close())
      .then(() => logger.info('stopped'))
      .then(() => logger.flush(() => process.exit(0))));
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => void stop().catch(failLoudly()));
  await fleet.ready();
  await showDemo({ ...configuration, operatorToken }, fleet.url, directory, (text) => logger.info(text));
  logger.info({ address: fleet.url, publicUrl: configuration.publicUrl }, 'ready');
}

start().catch(failLoudly([DataDirectoryFault]));
