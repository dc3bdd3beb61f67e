import { createWriteStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { failLoudly, logFileOf, resolveSecrets, showDemo } from '@sparekey/hosting';
import { Fleet } from '@sparekey/hosting/fleet';
import { readLog } from '@sparekey/hosting/services';
import { createLogger, readConfiguration, type Configuration } from '@sparekey/platform';
import { DataDirectory, DataDirectoryFault } from '@sparekey/sqlite';
import { passOn } from './environment.ts';
import { isLogEmpty } from './log-is-empty.ts';
import { startServers, type Servers } from './servers.ts';

/** Whoever has used `npm start` before misses what they did there. */
const OWN_LOG = 'The separate services keep a log of their own, beside the one of `npm start`.';
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Everything that `docker compose up` starts, on this machine and without Docker. */
async function start(): Promise<void> {
  const configuration = readConfiguration(process.env);
  const directory = new DataDirectory(configuration.dataDirectory);
  const file = logFileOf(configuration, directory.path, process.env);
  const logger = createLogger(configuration.logLevel, {
    service: 'local',
    ...(file !== undefined && { file }),
  });
  const servers = await startServers(ROOT, directory, process.env, (text) => logger.info(text));
  try {
    await serve(configuration, directory, servers, logger, file);
  } catch (error) {
    await servers.stop();
    throw error;
  }
}

async function serve(
  configuration: Configuration,
  directory: DataDirectory,
  servers: Servers,
  logger: ReturnType<typeof createLogger>,
  file: string | undefined,
): Promise<void> {
  const logIsEmpty = await isLogEmpty(readLog({ ...process.env, ...servers.environment }));
  const { notes, operatorToken } = resolveSecrets(configuration, directory, logIsEmpty);
  for (const note of [...notes, OWN_LOG]) logger.info(note);
  for (const text of configuration.misspelt) logger.warn(text);
  const output = file === undefined ? process.stdout : createWriteStream(file, { flags: 'a', mode: 0o600 });
  const fleet = await Fleet.start({
    main: (member) => `${ROOT}/apps/${member}/dist/main.js`,
    environment: passOn(process.env, directory.path, operatorToken, servers.environment),
    port: configuration.port,
    host: configuration.host,
    publicUrl: configuration.publicUrl,
    restarts: true,
    onOutput: (member, text) => output.write(text.replaceAll(/^(?!\{|$)/gm, `${member}: `)),
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
  const told = [
    OWN_LOG,
    ...configuration.misspelt,
    ...(file === undefined ? [] : [`The log is in ${file}.`]),
  ];
  await showDemo({ ...configuration, operatorToken }, fleet.url, directory, told, (text) =>
    logger.info(text),
  );
  logger.info({ address: fleet.url, publicUrl: configuration.publicUrl }, 'ready');
}

start().catch(failLoudly([DataDirectoryFault]));
