import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { STREAM_PREFIXES } from '@sparekey/contracts';
import { connectEventStoreDb, EventStoreDbEventStore } from '@sparekey/eventstoredb';
import { SERVICES } from '@sparekey/hosting';
import type { Member } from '@sparekey/hosting/fleet';
import { prepareDatabases, roleOf, type ServiceDefinition } from '@sparekey/hosting/services';
import { generateMasterKeys, generatePeppers } from '@sparekey/vault';
import { Client } from 'pg';
import { Pool } from 'undici';
import { encodeCall, parseBody, textOf, type Api } from '../api.ts';
import { documented } from '../documented.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { FileClock } from './file-clock.ts';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

/** What is there for tests of the separate services, as reached from this machine. */
export interface TestServers {
  readonly kafkaBrokers: string;
  /** A server on which databases may be made. */
  readonly databaseUrl: string;
  readonly eventStoreUrl?: string;
}

export interface ServicesOptions extends TestServers {
  /** With one, time stands still until a test moves it on (Unix milliseconds). */
  readonly startsAt?: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly connections?: number;
}

/** The services while they run: their one address, and where each of them stands. */
export interface Crew {
  readonly url: string;
  members(member: Member): readonly { readonly url: string }[];
  stop(): Promise<void>;
}

/** What the environment names, or the reason why the separate services are not tested here. */
export function servicesHere(): TestServers | string {
  const {
    KAFKA_BROKERS: kafkaBrokers,
    DATABASE_URL: databaseUrl,
    EVENTSTORE_URL: eventStoreUrl,
  } = process.env;
  if (!kafkaBrokers || !databaseUrl) return 'not run: KAFKA_BROKERS and DATABASE_URL are not both set';
  return { kafkaBrokers, databaseUrl, ...(eventStoreUrl && { eventStoreUrl }) };
}

/** Every service apart, on servers that are there: in a namespace and in databases of this run alone. */
export abstract class SeparateServices<C extends Crew, O extends ServicesOptions = ServicesOptions> {
  readonly operatorToken = randomBytes(32).toString('base64url');
  readonly namespace = `t${randomBytes(6).toString('hex')}`;
  /** What the services wrote. */
  readonly output: string[] = [];
  readonly clock: FileClock;
  protected readonly options: O;
  readonly #temporary = temporaryDirectory();
  readonly #pools = new Map<string, Pool>();
  #store: EventStoreDbEventStore | undefined;
  #crew: C | undefined;
  #eventStoreUrl = '';

  protected constructor(options: O) {
    this.options = options;
    this.clock = new FileClock(`${this.path}/clock`);
    if (options.startsAt !== undefined) this.clock.set(options.startsAt);
  }

  /** @returns the address of the log, which is started first where that is needed */
  protected abstract openLog(): Promise<string>;
  /** @returns when all of them are ready · @param environment what each of them is given */
  protected abstract launch(
    environment: Readonly<Record<string, string>>,
    environmentOf: (member: Member) => Readonly<Record<string, string>>,
  ): Promise<C>;
  protected async closeLog(): Promise<void> {}

  get path(): string {
    return this.#temporary.path;
  }

  get crew(): C {
    return this.#crew!;
  }

  /** The log itself, to look into. */
  get store(): EventStoreDbEventStore {
    return (this.#store ??= new EventStoreDbEventStore({
      client: connectEventStoreDb(this.#eventStoreUrl, false),
      prefixes: STREAM_PREFIXES,
      namespace: this.namespace,
      onTrouble: () => undefined,
    }));
  }

  /** By which name the services are asked. */
  protected hostAt(_url: string): string {
    return 'localhost:4000';
  }

  /** Speaks to the gateway, or to one process. */
  apiAt(url: string): Api {
    const pool =
      this.#pools.get(url) ?? new Pool(url, { connections: this.options.connections ?? 64, pipelining: 1 });
    this.#pools.set(url, pool);
    return async (method, path, call = {}) => {
      const { headers, payload } = encodeCall(call);
      const host = this.hostAt(url);
      const request = { method: method, path, headers: { host, ...headers } };
      const answer = await pool.request({ ...request, ...(payload !== undefined && { body: payload }) });
      const text = textOf(await answer.body.arrayBuffer());
      const isJson = /\bjson\b/.test(String(answer.headers['content-type']));
      return { status: answer.statusCode, body: isJson ? parseBody(text) : text, headers: answer.headers };
    };
  }

  readonly api: Api = documented((...call) => this.apiAt(this.crew.url)(...call));

  /** Waits until everything that was appended is published, heard by every room and in every read model. */
  async settle(): Promise<void> {
    // figures are what each process has heard: several times in a row, so that none is about to hear more
    for (let quiet = 0; quiet < 3; await sleep(20)) quiet = (await this.#isQuiet()) ? quiet + 1 : 0;
  }

  async close(): Promise<void> {
    await this.#store?.close();
    await this.#crew?.stop();
    await this.closeLog();
    for (const pool of this.#pools.values()) await pool.destroy();
    await this.#onDatabases((database) => `DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
    await this.#onServer(SERVICES.map((name) => `DROP ROLE IF EXISTS ${this.#roleName(name)}`));
    this.#temporary.remove();
  }

  protected async start(): Promise<void> {
    try {
      await this.#onDatabases((database) => `CREATE DATABASE ${database}`);
      this.#eventStoreUrl = await this.openLog();
      const environmentOf = await this.#prepareRoles();
      const environment = {
        EVENTSTORE_URL: this.#eventStoreUrl,
        KAFKA_BROKERS: this.options.kafkaBrokers,
        SPAREKEY_NAMESPACE: this.namespace,
        SPAREKEY_OPERATOR_TOKEN_DIGEST: createHash('sha256').update(this.operatorToken).digest('hex'),
        SPAREKEY_MASTER_KEYS: generateMasterKeys(),
        SPAREKEY_PEPPERS: generatePeppers(),
        LOG_LEVEL: 'debug',
        ...this.options.environment,
      };
      this.#crew = await this.launch(environment, environmentOf);
    } catch (error) {
      await this.close();
      const last = this.output.filter((line) => !line.includes('"msg":"request"')).slice(-50);
      throw new Error(`${(error as Error).message}\n${last.join('\n')}`, { cause: error });
    }
  }

  /** As in a deployment: each service connects as a role of its own. @returns its variables */
  async #prepareRoles(): Promise<(member: Member) => Readonly<Record<string, string>>> {
    const as = (user: string | undefined, secret = '') => {
      const [views, keys] = this.#databases.map((name) => {
        const url = Object.assign(new URL(this.options.databaseUrl), { pathname: `/${name}` });
        return (user === undefined ? url : Object.assign(url, { username: user, password: secret })).href;
      });
      return { databaseUrl: views!, keyRingUrl: keys! };
    };
    const passwords = new Map(SERVICES.map((name) => [name as Member, randomBytes(16).toString('hex')]));
    const roles = [...passwords].map(async ([name, password]) => {
      const { service } = (await import(`${ROOT}/apps/${name}/dist/service.js`)) as {
        service: ServiceDefinition;
      };
      return roleOf(service, { name: this.#roleName(name), password });
    });
    await prepareDatabases({ ...as(undefined), allowPlaintext: false }, await Promise.all(roles));
    return (member): Record<string, string> => {
      const password = passwords.get(member);
      if (password === undefined) return {}; // the relay and the gateway have no database
      const { databaseUrl, keyRingUrl } = as(this.#roleName(member), password);
      return { DATABASE_URL: databaseUrl, KEYRING_DATABASE_URL: keyRingUrl };
    };
  }

  #roleName(member: Member): string {
    return `${this.namespace}_${member}`;
  }

  get #databases(): readonly [string, string] {
    return [`${this.namespace}_views`, `${this.namespace}_keys`];
  }

  async #onDatabases(statement: (database: string) => string): Promise<void> {
    await this.#onServer(this.#databases.map(statement));
  }

  async #onServer(statements: readonly string[]): Promise<void> {
    const client = new Client({ connectionString: this.options.databaseUrl });
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
  }

  async #isQuiet(): Promise<boolean> {
    const relays = await Promise.all(this.crew.members('relay').map(({ url }) => this.#figures(url)));
    const publishing = relays.find((figures) => figures?.sparekey_relay_publishing === 1);
    if (publishing?.sparekey_relay_behind_events !== 0) return false;
    for (const { url } of SERVICES.flatMap((member) => this.crew.members(member))) {
      const figures = await this.#figures(url);
      if (!figures) return false; // who says nothing may have everything still before it
      const waiting = Object.entries(figures).filter(([name]) =>
        /_behind_events|^sparekey_notices_pending/.test(name),
      );
      if (waiting.some(([, figure]) => figure > 0)) return false;
    }
    return this.#haveReadModelsArrived();
  }

  /** As the log itself has it: a process whose subscription says nothing believes that it has heard everything. */
  async #haveReadModelsArrived(): Promise<boolean> {
    const call = this.apiAt(this.crew.url)('GET', '/v1/operator/projections', { token: this.operatorToken });
    const answer = await call.catch(() => undefined); // a process that is away is asked again
    if (answer?.status !== 200) return false;
    const models = answer.body.items as readonly { readonly behind: number; readonly state: string }[];
    return models.every(({ behind, state }) => state === 'retired' || behind === 0);
  }

  /** What a process tells Prometheus, by name; of a name with labels the largest. @returns nothing where it does not answer */
  async #figures(url: string): Promise<Record<string, number> | undefined> {
    const headers = { authorization: `Bearer ${this.operatorToken}` };
    const answer = await fetch(`${url}/metrics`, { headers }).catch(() => undefined);
    if (!answer?.ok) return undefined;
    const found: Record<string, number> = {};
    for (const [, name = '', figure = ''] of (await answer.text()).matchAll(/^(\w+)(?:\{[^}]*\})? (\S+)$/gm))
      found[name] = Math.max(found[name] ?? -Infinity, Number(figure));
    return found;
  }
}
