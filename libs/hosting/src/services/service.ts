import type { DynamicModule, INestApplicationContext, Type } from '@nestjs/common';
import { codec, EVENT_CATALOGUE } from '@sparekey/contracts';
import type { Interest } from '@sparekey/event-sourcing';
import { KafkaInbound, KafkaProbe, KafkaRoom, type InboundMessage } from '@sparekey/kafka';
import {
  createLogger,
  createPorts,
  createServer,
  Health,
  RoomsTransport,
  SystemClock,
  tellTrouble,
  Views,
  type Ports,
  type TrustedClock,
} from '@sparekey/platform';
import { ProjectionLoop, Projector, type Projection } from '@sparekey/platform/projections';
import {
  migrateKeyRing,
  migrateListeners,
  PostgresKeyRing,
  PostgresListenerState,
  postgresDialect,
} from '@sparekey/postgres';
import { Kysely } from 'kysely';
import { listen, stopOnSignal } from '../lifecycle.ts';
import { requireEveryClass } from '../secrets.ts';
import { readSystems, type SystemsConfiguration } from './configuration.ts';
import { connectSystems } from './systems.ts';
import { WaitingRoom } from './waiting-room.ts';

/** One service of those that run apart: which rooms it serves, and which read models it keeps. */
export interface ServiceDefinition {
  readonly name: string;
  readonly rooms: (configuration: SystemsConfiguration) => readonly (Type | DynamicModule)[];
  readonly projections?: (ports: Pick<Ports, 'vault' | 'keyedDigest'>) => readonly Projection[];
  /** Takes what internal services say by event. */
  readonly inbound?: (app: INestApplicationContext) => (message: InboundMessage) => Promise<void>;
  /** Without this system it has nothing to do: it is not ready then. Others only wait for what it would bring. */
  readonly needs?: readonly ('kafka' | 'database')[];
  /** Default: the system's. */
  readonly clock?: TrustedClock & { expectAfter?(time: number): void };
}

/** A service from its environment to its end. @throws ConfigurationFault */
export async function runService({
  name,
  rooms,
  projections,
  inbound,
  needs = [],
  clock = new SystemClock(),
}: ServiceDefinition): Promise<void> {
  const configuration = readSystems(process.env);
  requireEveryClass(configuration.masterKeys, 'SPAREKEY_MASTER_KEYS');
  const logger = createLogger(configuration.logLevel);
  const { store, kafka, topics, database, keys } = connectSystems(name, configuration, logger);
  const { masterKeys, peppers } = configuration;

  const waiting = new WaitingRoom(logger);
  await waiting.open(configuration.port, configuration.host);
  const newest = await waiting.until('event-store', () => store.newestTime());
  clock.expectAfter?.(newest ?? 0);
  await waiting.until('database', () => migrateListeners(database));
  await waiting.until('key-ring', () => migrateKeyRing(keys));
  const ring = new PostgresKeyRing(keys);
  const listenerState = new PostgresListenerState(database);
  const rows = new Kysely<never>({ dialect: postgresDialect(database) });
  let loop: ProjectionLoop | undefined;
  const views = new Views(rows, async (projection) => loop?.rebuild(projection));
  const ports = await waiting.until('key-ring', () =>
    createPorts({ store, ring, masterKeys, peppers, clock, listenerState, views }),
  );
  await waiting.close();

  const dead = Promise.withResolvers<never>();
  const heard = {
    kafka,
    store,
    state: listenerState,
    codec,
    now: () => clock.now(),
    onTrouble: tellTrouble(logger),
    onDead: dead.reject,
  };
  const transport = new RoomsTransport(
    (hearing) =>
      new KafkaRoom({
        ...heard,
        ...hearing,
        topics: contextsOf(hearing.interests).map((context) => topics.context(context)),
        group: topics.group(hearing.room),
      }),
  );
  const app = await createServer({ configuration, ports, logger, rooms: rooms(configuration), transport });
  const health = app.get(Health);
  const probe = new KafkaProbe(kafka);
  health.add('event-store', async () => void (await store.newestTime()));
  health.addClock(clock);
  health.add('key-ring', () => keys.ping());
  const optional = { kafka: () => probe.check(), database: () => database.ping() };
  for (const [system, check] of Object.entries(optional)) {
    if (needs.includes(system as 'kafka')) health.add(system, check);
    else health.addWaiting(system, check);
  }
  await app.startAllMicroservices();
  if (inbound)
    transport.add(
      SIGN_INS,
      new KafkaInbound({
        ...heard,
        room: SIGN_INS,
        topic: topics.signIns,
        group: topics.group(SIGN_INS),
        handle: inbound(app),
      }),
    );
  await listen(app, configuration);
  if (projections) {
    const projector = new Projector({
      database: rows,
      store,
      codec,
      projections: projections(ports),
      now: () => clock.now(),
    });
    loop = new ProjectionLoop(projector, store, (err) =>
      logger.error({ err }, 'read models are not advanced'),
    );
    loop.start();
  }
  logger.info({ service: name, address: await app.getUrl() }, 'ready');
  stopOnSignal(app, logger, async () => {
    await loop?.stop();
    await probe.close();
    await store.close();
    await rows.destroy();
    await keys.close();
  });
  await dead.promise; // a consumer that does not come back: a supervisor starts the process again
}

/** Under this name is parked what internal services said. */
const SIGN_INS = 'sign-ins';

const contextOf = new Map(
  Object.entries(EVENT_CATALOGUE).flatMap(([context, types]) =>
    types.map(({ type }) => [type, context] as const),
  ),
);

/** Who says what is wanted. */
function contextsOf(interests: readonly Interest[]): string[] {
  return [...new Set(interests.map(({ type }) => contextOf.get(type)!))];
}
