import {
  ConfigurationFault,
  createLogger,
  createPorts,
  createServer,
  Health,
  readConfiguration,
  SystemClock,
} from '@sparekey/platform';
import { EnrollmentModule } from '@sparekey/enrollment';
import { IdentityModule } from '@sparekey/identity';
import { RecoveryModule } from '@sparekey/recovery';
import { DataDirectory, DataDirectoryFault } from '@sparekey/sqlite';
import { VerificationModule } from '@sparekey/verification';
import { resolveSecrets } from './secrets.ts';

const ROOMS = [EnrollmentModule, RecoveryModule, VerificationModule, IdentityModule];

async function start(): Promise<void> {
  const configuration = readConfiguration(process.env);
  const directory = new DataDirectory(configuration.dataDirectory);
  const logger = createLogger(configuration.logLevel);
  const { notes, operatorToken, ...keys } = resolveSecrets(configuration, directory);
  const clock = new SystemClock();
  const store = directory.openEventStore();
  clock.expectAfter((await store.newestTime()) ?? 0);
  const ports = await createPorts({ store, ring: directory.openKeyRing(), ...keys, clock });
  const app = await createServer({
    configuration: { ...configuration, operatorToken },
    ports,
    logger,
    rooms: ROOMS,
  });

  const health = app.get(Health);
  health.add('store', async () => void (await store.newestTime()));
  health.add('clock', async () => {
    const fault = clock.fault();
    if (fault) throw new Error(fault);
  });
  await app.listen(configuration.port, configuration.host);
  for (const note of notes) logger.info(note);
  const address = await app.getUrl();
  logger.info({ address, publicUrl: configuration.publicUrl }, 'ready');

  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    health.stop();
    logger.info({ signal }, 'stopping: no new requests, those under way are finished');
    app
      .close()
      .then(() => directory.close())
      .then(() => logger.info('stopped'))
      .then(() => logger.flush(() => process.exit(0)))
      .catch((error: unknown) => fail(error));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

function fail(error: unknown): void {
  const known = error instanceof ConfigurationFault || error instanceof DataDirectoryFault;
  process.stderr.write(`Sparekey cannot start.\n${known ? error.message : String((error as Error).stack)}\n`);
  process.exit(1);
}

start().catch(fail);
