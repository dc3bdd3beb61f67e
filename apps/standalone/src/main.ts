import {
  closeServer,
  ConfigurationFault,
  createLogger,
  createPorts,
  createServer,
  Health,
  readConfiguration,
  SystemClock,
  Views,
  type Configuration,
} from '@sparekey/platform';
import { AuditModule } from '@sparekey/audit';
import { codec } from '@sparekey/contracts';
import { EnrollmentModule } from '@sparekey/enrollment';
import { IdentityModule } from '@sparekey/identity';
import { NotificationModule } from '@sparekey/notification';
import { RecoveryModule } from '@sparekey/recovery';
import { DataDirectory, DataDirectoryFault } from '@sparekey/sqlite';
import { LogTail } from '@sparekey/sqlite/log-tail';
import { KeyListFault } from '@sparekey/vault';
import { VerificationModule } from '@sparekey/verification';
import { Kysely } from 'kysely';
import { greeting, prepareDemo } from './demo.ts';
import { ProjectionThread } from './projections.ts';
import { resolveSecrets } from './secrets.ts';
import { chooseSenders } from './senders.ts';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

const ROOMS = [EnrollmentModule, RecoveryModule, VerificationModule, IdentityModule, AuditModule];

async function start(): Promise<void> {
  const configuration = readConfiguration(process.env);
  const directory = new DataDirectory(configuration.dataDirectory);
  const logger = createLogger(configuration.logLevel);
  const store = directory.openEventStore();
  const newest = await store.newestTime();
  const { senders, inbox, note } = chooseSenders(configuration);
  const { notes, operatorToken, ...keys } = resolveSecrets(configuration, directory, newest === undefined);
  const clock = new SystemClock();
  clock.expectAfter(newest ?? 0);
  const listenerState = directory.openListenerState();
  const transport = new LogTail({
    store,
    state: listenerState,
    codec,
    now: () => clock.now(),
    onTrouble: (what, room, event, cause) =>
      logger.error(
        { room, eventId: event?.id, type: event?.type, cause },
        what === 'parked' ? 'an event is parked' : 'an event has to wait',
      ),
  });
  const projections = new ProjectionThread(directory.path, keys.masterKeys.get('contact')!, store, (err) =>
    logger.error({ err }, 'read models are not advanced'),
  );
  const database = new Kysely<never>({ dialect: directory.openViews() });
  const views = new Views(database, (name) => projections.rebuild(name));
  const ring = directory.openKeyRing();
  const ports = await createPorts({ store, ring, ...keys, clock, listenerState, views });
  const served: Mutable<Configuration> = { ...configuration, operatorToken };
  const app = await createServer({
    configuration: served,
    ports,
    logger,
    rooms: [...ROOMS, NotificationModule.sending(senders, inbox)],
    transport,
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
  await app.startAllMicroservices();
  await listen(app, configuration);
  const address = await app.getUrl();
  served.internalUrl ??= address;
  for (const text of [...notes, ...note]) logger.info(text);
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
      .then(() => projections.close())
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
