import {
  createLogger,
  createPorts,
  Health,
  readConfiguration,
  RoomsTransport,
  SystemClock,
  tellTrouble,
  type Configuration,
} from '@sparekey/platform';
import { createServer } from '@sparekey/server';
import { Views } from '@sparekey/read-models';
import { AuditModule } from '@sparekey/audit';
import { codec } from '@sparekey/contracts';
import { EnrollmentModule } from '@sparekey/enrollment';
import { RoomTail } from '@sparekey/event-sourcing';
import {
  chooseSenders,
  failLoudly,
  followRejections,
  KeysNotProven,
  listen,
  logFileOf,
  nameKeys,
  outliveRejections,
  proveKeys,
  requireWholeRing,
  resolveSecrets,
  showDemo,
  stopOnSignal,
} from '@sparekey/hosting';
import { IdentityModule } from '@sparekey/identity';
import { NotificationModule } from '@sparekey/notification';
import { RecoveryModule } from '@sparekey/recovery';
import { DataDirectory, DataDirectoryFault } from '@sparekey/sqlite';
import { VerificationModule } from '@sparekey/verification';
import { PAGES } from '@sparekey/console';
import { Kysely } from 'kysely';
import { ProjectionThread } from './projections.ts';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** So many of the newest events are held against the key ring at start. */
const RECENT = 500;

const ROOMS = [EnrollmentModule, RecoveryModule, VerificationModule, IdentityModule, AuditModule];

async function start(): Promise<void> {
  const configuration = readConfiguration(process.env);
  const directory = new DataDirectory(configuration.dataDirectory);
  const file = logFileOf(configuration, directory.path, process.env);
  const logger = createLogger(configuration.logLevel, { ...(file !== undefined && { file }) });
  outliveRejections(logger);
  const store = directory.openEventStore();
  const newest = await store.newestTime();
  const { senders, inbox, note, acceptsSmtpUtf8 } = chooseSenders(configuration);
  const { notes, operatorToken, ...keys } = resolveSecrets(configuration, directory, newest === undefined);
  const clock = new SystemClock();
  clock.expectAfter(newest ?? 0);
  const ring = directory.openKeyRing();
  const names = nameKeys(configuration, directory.path);
  await proveKeys({
    store,
    ring,
    ...keys,
    now: () => clock.now(),
    recent: () => store.newest(RECENT),
    names,
  });
  const listenerState = directory.openListenerState();
  const options = {
    store,
    state: listenerState,
    codec,
    now: () => clock.now(),
    onTrouble: tellTrouble(logger),
  };
  const transport = new RoomsTransport((room) => new RoomTail({ ...options, ...room }));
  const projections = new ProjectionThread(directory.path, keys.masterKeys.get('contact')!, store, (err) =>
    logger.error({ err }, 'read models are not advanced'),
  );
  const database = new Kysely<never>({ dialect: directory.openViews() });
  const views = new Views(database, (name) => projections.rebuild(name));
  const ports = await createPorts({ store, ring, ...keys, clock, listenerState, views, acceptsSmtpUtf8 });
  const served: Mutable<Configuration> = { ...configuration, operatorToken };
  const rooms = [...ROOMS, NotificationModule.sending(senders, inbox)];
  const app = await createServer({ configuration: served, ports, logger, rooms, transport, pages: PAGES });

  followRejections(app);
  const health = app.get(Health);
  health.add('store', () => store.ping());
  health.addClock(clock);
  health.add('key-ring', async () => requireWholeRing(ports.vault, names.ring));
  let isPrepared = false;
  health.add('start', async () => {
    if (!isPrepared) throw new Error('what the first start makes is not made yet');
  });
  await app.startAllMicroservices();
  await listen(app, configuration);
  const address = await app.getUrl();
  served.internalUrl ??= address;
  for (const text of [...notes, ...note]) logger.info(text);
  for (const text of configuration.misspelt) logger.warn(text);
  const told = [...configuration.misspelt, ...(file === undefined ? [] : [`The log is in ${file}.`])];
  await showDemo(served, served.internalUrl, directory, told, (text) => logger.info(text));
  isPrepared = true;
  logger.info({ address, publicUrl: configuration.publicUrl }, 'ready');
  stopOnSignal(app, logger, async () => {
    await projections.close();
    await directory.close();
  });
}

start().catch(failLoudly([DataDirectoryFault, KeysNotProven]));
