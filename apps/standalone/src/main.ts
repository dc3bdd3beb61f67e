import {
  closeServer,
  ConfigurationFault,
  createLogger,
  createPorts,
  createServer,
  Health,
  readConfiguration,
  type Configuration,
  SystemClock,
} from '@sparekey/platform';
import { EnrollmentModule } from '@sparekey/enrollment';
import { IdentityModule } from '@sparekey/identity';
import { RecoveryModule } from '@sparekey/recovery';
import { DataDirectory, DataDirectoryFault } from '@sparekey/sqlite';
import { KeyListFault } from '@sparekey/vault';
import { VerificationModule } from '@sparekey/verification';
import { greeting, prepareDemo } from './demo.ts';
import { resolveSecrets } from './secrets.ts';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

const ROOMS = [EnrollmentModule, RecoveryModule, VerificationModule, IdentityModule];

async function start(): Promise<void> {
  const configuration = readConfiguration(process.env);
  const directory = new DataDirectory(configuration.dataDirectory);
  const logger = createLogger(configuration.logLevel);
  const store = directory.openEventStore();
  const newest = await store.newestTime();
  const { notes, operatorToken, ...keys } = resolveSecrets(configuration, directory, newest === undefined);
  const clock = new SystemClock();
  clock.expectAfter(newest ?? 0);
  const ports = await createPorts({ store, ring: directory.openKeyRing(), ...keys, clock });
  const served: Mutable<Configuration> = { ...configuration, operatorToken };
  const app = await createServer({
    configuration: served,
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
  let isPrepared = false;
  health.add('start', async () => {
    if (!isPrepared) throw new Error('what the first start makes is not made yet');
  });
  await listen(app, configuration);
  const address = await app.getUrl();
  served.internalUrl ??= address;
  for (const note of notes) logger.info(note);
  await greet(served, directory, logger);
  isPrepared = true;
  logger.info({ address, publicUrl: configuration.publicUrl }, 'ready');

  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    health.stop();
    logger.info({ signal }, 'stopping: no new requests, those under way are finished');
    closeServer(app)
      .then(() => directory.close())
      .then(() => logger.info('stopped'))
      .then(() => logger.flush(() => process.exit(0)))
      .catch((error: unknown) => fail(error));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

/** In the demo: its accounts, on a terminal where there is one, else in a file. */
async function greet(
  { demo, operatorToken, internalUrl, publicUrl }: Configuration,
  directory: DataDirectory,
  logger: ReturnType<typeof createLogger>,
): Promise<void> {
  if (!demo || operatorToken === undefined) return;
  const made = await prepareDemo(directory, internalUrl!, operatorToken);
  if (!made) return;
  if (process.stdout.isTTY) process.stdout.write(greeting(publicUrl, made, operatorToken));
  else logger.info(`the accounts of the domain demo are in ${made.path}`);
}

async function listen(
  app: Awaited<ReturnType<typeof createServer>>,
  { port, host }: { readonly port: number; readonly host: string },
): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (error) {
    const { code } = error as { code?: string };
    throw new ConfigurationFault([`HOST, PORT: cannot listen on ${host}, port ${port}: ${code}`]);
  }
}

const EXPLAINED = [ConfigurationFault, DataDirectoryFault, KeyListFault];

function fail(error: unknown): void {
  const explained = EXPLAINED.some((kind) => error instanceof kind);
  const { message, stack } = error as Error;
  process.stderr.write(`Sparekey cannot go on.\n${explained ? message : stack}\n`);
  process.exit(1);
}

start().catch(fail);
