import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Writable } from 'node:stream';
import type { Type } from '@nestjs/common';
import { AuditModule } from '@sparekey/audit';
import { auditProjection } from '@sparekey/audit/projection';
import { codec } from '@sparekey/contracts';
import { EnrollmentModule } from '@sparekey/enrollment';
import { digestContacts, directoryProjection, type DigestContacts } from '@sparekey/enrollment/projection';
import { RoomTail, type EventStore } from '@sparekey/event-sourcing';
import { IdentityModule } from '@sparekey/identity';
import {
  createLogger,
  createPorts,
  readConfiguration,
  RoomsTransport,
  type Environment,
  type LogLevel,
  type Ports,
} from '@sparekey/platform';
import { createServer } from '@sparekey/server';
import { Views, Projector } from '@sparekey/read-models';
import { DevelopmentInbox, NotificationModule } from '@sparekey/notification';
import type { Sender } from '@sparekey/notification/ports';
import { RecoveryModule } from '@sparekey/recovery';
import { DataDirectory, openViewsToWrite } from '@sparekey/sqlite';
import {
  generateMasterKeys,
  generatePeppers,
  loadBlindIndex,
  readMasterKeys,
  readPeppers,
  Vault,
} from '@sparekey/vault';
import { VerificationModule } from '@sparekey/verification';
import { Kysely } from 'kysely';
import { encodeCall, parseBody, type Api } from './api.ts';
import { documented } from './documented.ts';
import { FixedClock, type TestClock } from './fixed-clock.ts';
import { temporaryDirectory } from './temporary-directory.ts';

export const ROOMS = [EnrollmentModule, RecoveryModule, VerificationModule, IdentityModule, AuditModule];

/** One verifier with its own caches and queues; several may work on one {@link World}. */
export interface InProcess {
  readonly api: Api;
  readonly ports: Ports;
  /** What it logged, line by line. */
  readonly log: readonly string[];
  readonly app: Awaited<ReturnType<typeof createServer>>;
  readonly transport: RoomsTransport;
}

/** A data directory, a clock and an operator, for apps that run in the test's own process through the real ports. */
export class World {
  readonly operatorToken = randomBytes(32).toString('base64url');
  readonly clock: TestClock;
  readonly directory: DataDirectory;
  readonly store: EventStore;
  readonly #log: { open(): EventStore } | undefined;
  readonly #ring;
  readonly #masterKeys;
  readonly #peppers;
  readonly #apps: InProcess[] = [];
  readonly #listenerState;
  readonly #views;
  readonly #digest: DigestContacts;
  #written: Kysely<never>;
  /** What would have gone out, unless `senders` takes it. */
  readonly inbox: DevelopmentInbox;
  senders: readonly Sender[] | undefined;
  /** Read models are advanced when a test asks for it. */
  projector: Projector;
  readonly #temporary = temporaryDirectory();

  /** @param log where it is not in the data directory: each app opens it anew */
  constructor(clock: TestClock = new FixedClock(), log?: { open(): EventStore }) {
    this.clock = clock;
    this.#log = log;
    this.inbox = new DevelopmentInbox(() => clock.now());
    this.directory = new DataDirectory(this.#temporary.path);
    this.#masterKeys = readMasterKeys(this.directory.secretFile('master-keys', generateMasterKeys).text);
    this.#peppers = readPeppers(this.directory.secretFile('peppers', generatePeppers).text);
    this.store = log?.open() ?? this.directory.openEventStore();
    this.#ring = this.directory.openKeyRing();
    this.#listenerState = this.directory.openListenerState();
    const vault = new Vault(this.#ring, this.#masterKeys);
    const digest = loadBlindIndex(vault, this.#ring);
    this.#digest = async (event) => digestContacts(vault, await digest)(event);
    this.#written = new Kysely<never>({ dialect: openViewsToWrite(this.path) });
    this.projector = this.#project(this.#written);
    const database = new Kysely<never>({ dialect: this.directory.openViews() });
    this.#views = new Views(database, (name) => this.projector.rebuild(name));
  }

  #project(database: Kysely<never>, batch?: number): Projector {
    return new Projector({
      database,
      store: this.store,
      codec,
      projections: [auditProjection, directoryProjection(this.#digest)],
      now: () => this.clock.now(),
      ...(batch !== undefined && { batch }),
    });
  }

  /** Another projector of the same rows, through a connection of its own. */
  async anotherProjector(): Promise<{ projector: Projector; close(): Promise<void> }> {
    const database = new Kysely<never>({ dialect: openViewsToWrite(this.path) });
    return { projector: this.#project(database), close: () => database.destroy() };
  }

  /** Every row of every read model is gone, as if the file had been deleted. @param batch events in one transaction */
  async throwViewsAway(batch?: number): Promise<void> {
    await this.#written.destroy();
    const database = new DatabaseSync(join(this.path, 'views.db'));
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
    for (const { name } of tables) database.exec(`DROP TABLE "${String(name)}"`);
    database.close();
    this.#written = new Kysely<never>({ dialect: openViewsToWrite(this.path) });
    this.projector = this.#project(this.#written, batch);
  }

  /** Ends the apps, and has rooms hear everything from the beginning when another one is started. */
  async forgetWhatWasHeard(): Promise<void> {
    for (const { app, transport } of this.#apps.splice(0)) {
      const { rooms } = transport;
      await app.close();
      for (const room of [...rooms, 'outbox']) await this.#listenerState.advance(room, '0');
    }
  }

  /** Waits until rooms have heard and read models show everything that has happened. */
  async settle(): Promise<void> {
    for (const { transport } of this.#apps) {
      for (const room of transport.rooms) await this.#heard(room);
    }
    await this.projector.catchUp();
  }

  /** Waits until rooms have heard everything and no notice is on its way any more. */
  async sent(): Promise<void> {
    await this.settle();
    const pending = /^sparekey_notices_pending (\d+)/m;
    for (const { api } of this.#apps) {
      await this.#heard('outbox');
      while (Number(pending.exec((await api('GET', '/metrics')).body as string)![1]) > 0)
        await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await this.settle();
  }

  async #heard(room: string): Promise<void> {
    while ((await this.store.countAfter(await this.#listenerState.position(room))) > 0) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  get path(): string {
    return this.#temporary.path;
  }

  /** Starts an app; `change` may put other ports in the place of the real ones. */
  async start(
    change: (ports: Ports) => Ports = (ports) => ports,
    logLevel: LogLevel = 'trace',
    environment: Environment = { SPAREKEY_PUBLIC_URL: 'http://localhost:4000' },
    rooms: readonly Type[] = [],
  ): Promise<InProcess> {
    const log: string[] = [];
    const sink = new Writable({ write: (line, _encoding, done) => (log.push(String(line)), done()) });
    const configuration = {
      ...readConfiguration({ SPAREKEY_DATA_DIR: this.path, ...environment }),
      operatorToken: this.operatorToken,
      internalUrl: undefined as string | undefined,
    };
    const store = this.#log?.open() ?? this.store;
    const ports = change(
      await createPorts({
        store,
        ring: this.#ring,
        masterKeys: this.#masterKeys,
        peppers: this.#peppers,
        clock: this.clock,
        listenerState: this.#listenerState,
        views: this.#views,
      }),
    );
    const options = {
      store,
      state: this.#listenerState,
      codec,
      now: () => this.clock.now(),
      onTrouble: (what: string, room: string, event: { id: string } | undefined, cause: string) =>
        log.push(`${what} ${room} ${event?.id} ${cause}`),
      firstWait: 1,
    };
    const transport = new RoomsTransport((room) => new RoomTail({ ...options, ...room }));
    const app = await createServer({
      configuration,
      ports,
      logger: createLogger(logLevel, { destination: sink }),
      rooms: [
        ...ROOMS,
        NotificationModule.sending(this.senders ?? this.inbox.senders(), this.inbox),
        ...rooms,
      ],
      transport,
    });
    await app.startAllMicroservices();
    await app.listen(0, '127.0.0.1');
    configuration.internalUrl = await app.getUrl(); // its own room asks it over HTTP, as any service does
    const api: Api = async (method, url, call = {}) => {
      const { headers, payload } = encodeCall(call);
      const answer = await app.inject({
        method: method as 'GET',
        url,
        headers: { host: 'localhost:4000', ...headers },
        ...(payload !== undefined && { payload }),
      });
      const isJson = /\bjson\b/.test(String(answer.headers['content-type']));
      return {
        status: answer.statusCode,
        body: isJson ? parseBody(answer.payload) : answer.payload,
        headers: answer.headers as Record<string, string>,
      };
    };
    const started = { api: documented(api), ports, log, app, transport };
    this.#apps.push(started);
    return started;
  }

  async close(): Promise<void> {
    for (const { app } of this.#apps) await app.close();
    await this.#written.destroy();
    await this.directory.close();
    this.#temporary.remove();
  }
}
