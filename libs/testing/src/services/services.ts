import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { STREAM_PREFIXES } from '@sparekey/contracts';
import { connectEventStoreDb, EventStoreDbEventStore } from '@sparekey/eventstoredb';
import { Fleet, freePort, Supervised, type Member } from '@sparekey/hosting/fleet';
import { generateMasterKeys, generatePeppers } from '@sparekey/vault';
import { Client } from 'pg';
import { Pool } from 'undici';
import { encodeCall, parseBody, type Api } from '../api.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { FileClock } from './file-clock.ts';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

export interface ServicesOptions {
  readonly kafkaBrokers: string;
  /** A server on which databases may be made. */
  readonly databaseUrl: string;
  /** Default: the stand-in. */
  readonly eventStoreUrl?: string | undefined;
  readonly replicas?: Partial<Record<Member, number>>;
  /** With one, time stands still until a test moves it on (Unix milliseconds). */
  readonly startsAt?: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly connections?: number;
}

/** What runs tests against the separate services, or the reason why it does not run here. */
export function servicesHere():
  { kafkaBrokers: string; databaseUrl: string; eventStoreUrl?: string } | string {
  const {
    KAFKA_BROKERS: kafkaBrokers,
    DATABASE_URL: databaseUrl,
    EVENTSTORE_URL: eventStoreUrl,
  } = process.env;
  if (!kafkaBrokers || !databaseUrl) return 'not run: KAFKA_BROKERS and DATABASE_URL are not both set';
  return { kafkaBrokers, databaseUrl, ...(eventStoreUrl && { eventStoreUrl }) };
}

/** Every service as a process of its own, on servers that are there: in a namespace and in databases of this run alone. */
export class Services {
  readonly operatorToken = randomBytes(32).toString('base64url');
  readonly namespace = `t${randomBytes(6).toString('hex')}`;
  readonly output: string[] = [];
  readonly clock: FileClock;
  readonly #options: ServicesOptions;
  readonly #temporary = temporaryDirectory();
  readonly #pools = new Map<string, Pool>();
  #store: EventStoreDbEventStore | undefined;
  #standIn: Supervised | undefined;
  #standInControl = 0;
  #fleet: Fleet | undefined;
  eventStoreUrl = '';

  private constructor(options: ServicesOptions) {
    this.#options = options;
    this.clock = new FileClock(`${this.path}/clock`);
    if (options.startsAt !== undefined) this.clock.set(options.startsAt);
  }

  static async start(options: ServicesOptions): Promise<Services> {
    const services = new Services(options);
    await services.#start();
    return services;
  }

  get path(): string {
    return this.#temporary.path;
  }

  get fleet(): Fleet {
    return this.#fleet!;
  }

  get url(): string {
    return this.fleet.url;
  }

  /** The log itself, to look into. */
  get store(): EventStoreDbEventStore {
    return (this.#store ??= new EventStoreDbEventStore({
      client: connectEventStoreDb(this.eventStoreUrl, false),
      prefixes: STREAM_PREFIXES,
      namespace: this.namespace,
      onTrouble: () => undefined,
    }));
  }

  /** Speaks to the gateway, or to one process. */
  apiAt(url: string): Api {
    const pool =
      this.#pools.get(url) ?? new Pool(url, { connections: this.#options.connections ?? 64, pipelining: 1 });
    this.#pools.set(url, pool);
    return async (method, path, call = {}) => {
      const { headers, payload } = encodeCall(call);
      const request = { method: method, path, headers: { host: 'localhost:4000', ...headers } };
      const answer = await pool.request({ ...request, ...(payload !== undefined && { body: payload }) });
      const text = await answer.body.text();
      const isJson = /\bjson\b/.test(String(answer.headers['content-type']));
      return { status: answer.statusCode, body: isJson ? parseBody(text) : text, headers: answer.headers };
    };
  }

  readonly api: Api = (...call) => this.apiAt(this.url)(...call);

  /** Orders a fault of the stand-in; with a real server there is none to order. */
  async standInFault(order: object): Promise<void> {
    await fetch(`http://127.0.0.1:${this.#standInControl}/`, { method: 'POST', body: JSON.stringify(order) });
  }

  get standIn(): Supervised | undefined {
    return this.#standIn;
  }

  /** Waits until everything that was appended is published, heard by every room and in every read model. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 2; await sleep(20)) quiet = (await this.#isQuiet()) ? quiet + 1 : 0;
  }

  async close(): Promise<void> {
    await this.#store?.close();
    await this.#fleet?.stop();
    await this.#standIn?.end();
    for (const pool of this.#pools.values()) await pool.destroy();
    await this.#onDatabases((database) => `DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
    this.#temporary.remove();
  }

  async #isQuiet(): Promise<boolean> {
    const relays = await Promise.all(this.fleet.members('relay').map(({ url }) => figures(url)));
    const publishing = relays.find(({ sparekey_relay_publishing: publishing }) => publishing === 1);
    if (publishing?.sparekey_relay_behind_events !== 0) return false;
    const members = (
      ['enrollment', 'recovery', 'verification', 'identity', 'notification', 'audit'] as const
    ).flatMap((member) => this.fleet.members(member));
    for (const { url } of members) {
      const told = await figures(url);
      const behind = Object.entries(told).filter(([name]) =>
        /_behind_events|^sparekey_notices_pending/.test(name),
      );
      if (behind.some(([, figure]) => figure > 0)) return false;
    }
    return true;
  }

  async #start(): Promise<void> {
    const {
      kafkaBrokers,
      databaseUrl,
      eventStoreUrl,
      replicas = {},
      startsAt,
      environment = {},
    } = this.#options;
    await this.#onDatabases((database) => `CREATE DATABASE ${database}`);
    this.eventStoreUrl = eventStoreUrl ?? (await this.#startStandIn());
    const secret = (name: string, text: string) => {
      writeFileSync(`${this.path}/${name}`, text, { mode: 0o600 });
      return `${this.path}/${name}`;
    };
    const at = (database: string) => Object.assign(new URL(databaseUrl), { pathname: `/${database}` }).href;
    const [views, keys] = this.#databases();
    const definition = (member: Member) => `${ROOT}/apps/${member}/dist/service.js`;
    const isTimed = (member: Member) => startsAt !== undefined && member !== 'relay' && member !== 'gateway';
    this.#fleet = await Fleet.start({
      main: (member) =>
        isTimed(member)
          ? `${ROOT}/libs/testing/dist/services/service-with-clock.js`
          : `${ROOT}/apps/${member}/dist/main.js`,
      arguments: (member) => (isTimed(member) ? [definition(member), `${this.path}/clock`] : []),
      environment: {
        EVENTSTORE_URL: this.eventStoreUrl,
        KAFKA_BROKERS: kafkaBrokers,
        DATABASE_URL: at(views),
        KEYRING_DATABASE_URL: at(keys),
        SPAREKEY_NAMESPACE: this.namespace,
        SPAREKEY_OPERATOR_TOKEN: this.operatorToken,
        SPAREKEY_MASTER_KEYS_FILE: secret('master-keys', generateMasterKeys()),
        SPAREKEY_PEPPERS_FILE: secret('peppers', generatePeppers()),
        LOG_LEVEL: 'debug',
        ...environment,
      },
      port: await freePort(),
      publicUrl: 'http://localhost:4000',
      replicas,
      restarts: true,
      onOutput: (member, text) => this.output.push(`${member} ${text}`),
    });
    await this.#fleet.ready().catch((error: Error) => {
      throw new Error(`${error.message}\n${this.output.slice(-50).join('')}`);
    });
  }

  async #startStandIn(): Promise<string> {
    const [port, control] = [await freePort(), await freePort()];
    this.#standInControl = control;
    mkdirSync(`${this.path}/eventstoredb`, { mode: 0o700 });
    const started = Promise.withResolvers<void>();
    const where = [
      '--directory',
      `${this.path}/eventstoredb`,
      '--port',
      String(port),
      '--control-port',
      String(control),
    ];
    this.#standIn = new Supervised({
      main: `${ROOT}/libs/testing/dist/eventstoredb/main.js`,
      arguments: where,
      environment: {},
      restarts: true,
      onOutput: (text) => {
        this.output.push(`stand-in ${text}`);
        if (text.includes('esdb://')) started.resolve();
      },
    });
    this.#standIn.start();
    await started.promise;
    return `esdb://127.0.0.1:${port}?tls=false`;
  }

  #databases(): [string, string] {
    return [`${this.namespace}_views`, `${this.namespace}_keys`];
  }

  async #onDatabases(statement: (database: string) => string): Promise<void> {
    const client = new Client({ connectionString: this.#options.databaseUrl });
    await client.connect();
    for (const database of this.#databases()) await client.query(statement(database));
    await client.end();
  }
}

/** What a process tells Prometheus, by name; of a name with labels the largest. */
export async function figures(url: string): Promise<Record<string, number>> {
  const text = await fetch(`${url}/metrics`).then(
    (answer) => answer.text(),
    () => '',
  );
  const found: Record<string, number> = {};
  for (const [, name = '', figure = ''] of text.matchAll(/^(\w+)(?:\{[^}]*\})? (\S+)$/gm))
    found[name] = Math.max(found[name] ?? -Infinity, Number(figure));
  return found;
}
