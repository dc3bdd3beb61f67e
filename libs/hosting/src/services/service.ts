import type { DynamicModule, INestApplicationContext, Type } from '@nestjs/common';
import { codec, EVENT_CATALOGUE } from '@sparekey/contracts';
import type { EventFilter } from '@sparekey/event-sourcing';
import { KafkaInbound, KafkaProbe, KafkaRoom, Topics, type InboundMessage } from '@sparekey/kafka';
import {
  createLogger,
  createPorts,
  Health,
  RoomsTransport,
  SystemClock,
  tellTrouble,
  type Ports,
  type TrustedClock,
} from '@sparekey/platform';
import { createServer } from '@sparekey/server';
import { Views, ProjectionLoop, Projector, type Projection } from '@sparekey/read-models';
import {
  migrateKeyRing,
  migrateListeners,
  PostgresKeyRing,
  PostgresListenerState,
  postgresDialect,
} from '@sparekey/postgres';
import { Kysely } from 'kysely';
import type { Logger } from 'pino';
import { followRejections, listen, outliveRejections, stopOnSignal } from '../lifecycle.ts';
import { proveKeys, requireWholeRing } from '../prove-keys.ts';
import { readService, type Opens, type ServiceConfiguration } from './configuration.ts';
import { connectDatabases, connectLog, type Databases, type LogAndBroker } from './systems.ts';
import { WaitingRoom } from './waiting-room.ts';

/** One service of those that run apart: which rooms it serves, and which read models it keeps. */
export interface ServiceDefinition {
  readonly name: string;
  /** Which secrets of the installation it works with: all that it has to be given. */
  readonly opens: readonly Opens[];
  readonly rooms: (configuration: ServiceConfiguration) => readonly (Type | DynamicModule)[];
  readonly projections?: (ports: Pick<Ports, 'vault' | 'blindIndex'>) => readonly Projection[];
  /** Takes what internal services say by event. */
  readonly inbound?: (app: INestApplicationContext) => (message: InboundMessage) => Promise<void>;
  /** Without this system it has nothing to do: it is not ready then. Others only wait for what it would bring. */
  readonly needs?: readonly ('kafka' | 'database')[];
  /** Default: the system's. */
  readonly clock?: TrustedClock & { expectAfter?(time: number): void };
}

type Systems = LogAndBroker & Databases;
type Dead = PromiseWithResolvers<never>;

/** A service from its environment to its end. @throws ConfigurationFault */
export async function runService(definition: ServiceDefinition): Promise<void> {
  const { name, rooms, inbound, clock = new SystemClock() } = definition;
  const configuration = readService(process.env, definition.opens);
  const logger = createLogger(configuration.logLevel, { service: name });
  outliveRejections(logger);
  const systems: Systems = {
    ...connectLog(name, configuration, logger),
    ...connectDatabases(name, configuration),
  };
  const rows = new Kysely<never>({ dialect: postgresDialect(systems.database) });
  let loop: ProjectionLoop | undefined;
  const views = new Views(rows, async (projection) => loop?.rebuild(projection));
  const ports = await preparePorts(configuration, systems, views, clock, logger);

  const dead: Dead = Promise.withResolvers();
  const options = subscriptionsOf(systems, ports, logger, dead);
  const transport = transportOf(options, systems.topics);
  const projections = definition.projections?.(ports) ?? [];
  const app = await createServer({
    configuration,
    ports,
    logger,
    rooms: rooms(configuration),
    transport,
    projections: projections.map(({ name }) => name),
  });
  followRejections(app);
  const probe = addHealth(app.get(Health), systems, definition, ports);
  await app.startAllMicroservices();
  if (inbound) transport.add(SIGN_INS, inboundOf(options, systems.topics, inbound(app)));
  await listen(app, configuration);
  if (projections.length > 0) {
    const { store } = systems;
    const projector = new Projector({ database: rows, store, codec, projections, now: () => clock.now() });
    loop = new ProjectionLoop(projector, store, (err) =>
      logger.error({ err }, 'read models are not advanced'),
    );
    loop.start();
  }
  logger.info({ address: await app.getUrl() }, 'ready');
  stopOnSignal(app, logger, async () => {
    await loop?.stop();
    await probe.close();
    await systems.store.close();
    await rows.destroy();
    await systems.keys.close();
  });
  await dead.promise; // a consumer that does not come back: a supervisor starts the process again
}

/** Waits for what a service cannot begin without; meanwhile it is alive, not ready, and says why. */
async function preparePorts(
  { port, host, masterKeys, peppers, mailSmtpUtf8 }: ServiceConfiguration,
  { store, database, keys }: Systems,
  views: Views,
  clock: NonNullable<ServiceDefinition['clock']>,
  logger: Logger,
): Promise<Ports> {
  const waiting = new WaitingRoom(logger);
  await waiting.open(port, host);
  const newest = await waiting.until('event-store', () => store.newestTime());
  clock.expectAfter?.(newest ?? 0);
  await waiting.until('database', () => migrateListeners(database));
  await waiting.until('key-ring', () => migrateKeyRing(keys));
  const ring = new PostgresKeyRing(keys);
  const names = {
    ring: 'KEYRING_DATABASE_URL',
    masterKeys: 'SPAREKEY_MASTER_KEYS',
    peppers: 'SPAREKEY_PEPPERS',
  };
  const proof = { store, ring, masterKeys, peppers, now: () => clock.now(), names };
  await waiting.until('key-ring', () => proveKeys(proof));
  const listenerState = new PostgresListenerState(database);
  const ports = await waiting.until('key-ring', () =>
    createPorts({
      store,
      ring,
      masterKeys,
      peppers,
      clock,
      listenerState,
      views,
      acceptsSmtpUtf8: async () => mailSmtpUtf8 ?? false, // the mail server is notification's
    }),
  );
  await waiting.close();
  return ports;
}

/** What every subscription of this process works with. */
const subscriptionsOf = (
  { kafka, store }: Systems,
  { listenerState, clock }: Ports,
  logger: Logger,
  dead: Dead,
) => ({
  kafka,
  store,
  state: listenerState,
  codec,
  now: () => clock.now(),
  onTrouble: tellTrouble(logger),
  onDead: dead.reject,
});

const transportOf = (options: ReturnType<typeof subscriptionsOf>, topics: Topics): RoomsTransport =>
  new RoomsTransport(
    (room) =>
      new KafkaRoom({
        ...options,
        ...room,
        topics: contextsOf(room.filters).map((context) => topics.context(context)),
        group: topics.group(room.room),
      }),
  );

const inboundOf = (
  options: ReturnType<typeof subscriptionsOf>,
  topics: Topics,
  handle: (message: InboundMessage) => Promise<void>,
): KafkaInbound =>
  new KafkaInbound({
    ...options,
    room: SIGN_INS,
    topic: topics.signIns,
    group: topics.group(SIGN_INS),
    handle,
  });

function addHealth(
  health: Health,
  { store, kafka, database, keys }: Systems,
  { needs = [] }: ServiceDefinition,
  { clock, vault }: Pick<Ports, 'clock' | 'vault'>,
): KafkaProbe {
  const probe = new KafkaProbe(kafka);
  health.add('event-store', () => store.ping());
  health.addClock(clock);
  health.add('key-ring', async () => {
    await keys.ping();
    requireWholeRing(vault, 'KEYRING_DATABASE_URL');
  });
  const perhaps = { kafka: () => probe.check(), database: () => database.ping() } as const;
  for (const system of ['kafka', 'database'] as const) {
    if (needs.includes(system)) health.add(system, perhaps[system]);
    else health.addWaiting(system, perhaps[system]);
  }
  return probe;
}

/** Under this name is parked what internal services said. */
const SIGN_INS = 'sign-ins';

const contextOf = new Map(
  Object.entries(EVENT_CATALOGUE).flatMap(([context, types]) =>
    types.map(({ type }) => [type, context] as const),
  ),
);

/** Who says what is wanted. */
function contextsOf(filters: readonly EventFilter[]): string[] {
  return [...new Set(filters.map(({ type }) => contextOf.get(type)!))];
}
