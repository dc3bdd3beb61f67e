import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '@sparekey/hosting/fleet';
import { generateMasterKeys, generatePeppers } from '@sparekey/vault';
import { PostgreSqlContainer } from '@testcontainers/postgresql';
import {
  GenericContainer,
  getContainerRuntimeClient,
  ImageName,
  Network,
  Wait,
  type StartedNetwork,
  type StartedTestContainer,
} from 'testcontainers';
import { Pool } from 'undici';
import { encodeCall, parseBody, type Api } from '../api.ts';

const DATABASES = fileURLToPath(new URL('../../../../deploy/docker/databases.sql', import.meta.url));
const SERVICES = ['enrollment', 'recovery', 'verification', 'identity', 'notification', 'audit'] as const;
const PUBLIC_URL = 'http://localhost:4000';
/** Milliseconds for all of it together, on a machine that is busy. */
const START_MS = 120_000;

/** What a run in containers is made of. */
export interface ContainerImages {
  readonly services: string;
  readonly eventStore: string;
  /** The event store is the stand-in, and no EventStoreDB. */
  readonly isStandIn: boolean;
  readonly kafka: string;
  readonly postgres: string;
  readonly mail: string;
}

/** What runs tests in containers, or the reason why they do not run here: nothing is pulled for a test. */
export async function containersHere(): Promise<ContainerImages | string> {
  const {
    SPAREKEY_TEST_EVENTSTORE_IMAGE: server,
    SPAREKEY_TEST_STAND_IN_IMAGE: standIn = 'sparekey/eventstoredb-stand-in:at-hand',
    SPAREKEY_TEST_SERVICE_IMAGE: services = 'sparekey/services:latest',
    SPAREKEY_TEST_KAFKA_IMAGE: kafka = 'apache/kafka:4.1.0',
    SPAREKEY_TEST_POSTGRES_IMAGE: postgres = 'postgres:17-bookworm',
    SPAREKEY_TEST_MAIL_IMAGE: mail = 'axllent/mailpit:v1.27',
  } = process.env;
  const eventStore = server ?? standIn;
  const engine = await getContainerRuntimeClient().catch((error: Error) => error.message);
  if (typeof engine === 'string') return 'not run: no Docker Engine answers';
  for (const image of [services, eventStore, kafka, postgres, mail])
    if (!(await engine.image.exists(ImageName.fromString(image)))) return `not run: no image ${image}`;
  return { services, eventStore, isStandIn: server === undefined, kafka, postgres, mail };
}

/** Kafka as one node. @returns where it is reached from this machine; in the network it is `kafka:9092` */
export async function startKafka(image: string, network: StartedNetwork): Promise<StartedKafka> {
  const port = await freePort();
  const { host } = (await getContainerRuntimeClient()).info.containerRuntime;
  const container = await new GenericContainer(image)
    .withNetwork(network)
    .withNetworkAliases('kafka')
    .withExposedPorts({ container: 19_092, host: port })
    .withEnvironment({
      KAFKA_NODE_ID: '1',
      KAFKA_PROCESS_ROLES: 'broker,controller',
      KAFKA_LISTENERS: 'INSIDE://:9092,OUTSIDE://:19092,CONTROLLER://:9093',
      KAFKA_ADVERTISED_LISTENERS: `INSIDE://kafka:9092,OUTSIDE://${host}:${port}`,
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'INSIDE:PLAINTEXT,OUTSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT',
      KAFKA_INTER_BROKER_LISTENER_NAME: 'INSIDE',
      KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
      KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
      KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
    })
    .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/))
    .withStartupTimeout(START_MS)
    .start();
  return { container, brokers: `${host}:${port}` };
}

export interface StartedKafka {
  readonly container: StartedTestContainer;
  readonly brokers: string;
}

/** PostgreSQL with both databases, as in `docker-compose.yml`; in the network it is `postgres:5432`. */
export function startPostgres(image: string, network: StartedNetwork) {
  return new PostgreSqlContainer(image)
    .withNetwork(network)
    .withNetworkAliases('postgres')
    .withDatabase('sparekey_views')
    .withUsername('sparekey')
    .withPassword(randomBytes(24).toString('base64url'))
    .withEnvironment({ POSTGRES_INITDB_ARGS: '--encoding=UTF8 --locale=C' })
    .withCopyFilesToContainer([
      { source: DATABASES, target: '/docker-entrypoint-initdb.d/databases.sql', mode: 0o644 },
    ])
    .withCommand(['postgres', '-c', 'max_connections=200'])
    .withStartupTimeout(START_MS)
    .start();
}

/** A container that may write to /tmp and nowhere else, and may do nothing that only root may. */
class HardenedContainer extends GenericContainer {
  constructor(image: string) {
    super(image);
    this.hostConfig.ReadonlyRootfs = true;
    this.withTmpFs({ '/tmp': 'rw' }).withDroppedCapabilities('ALL').withSecurityOpt('no-new-privileges:true');
  }
}

const addressOf = (container: StartedTestContainer, port: number) =>
  `http://${container.getHost()}:${container.getMappedPort(port)}`;

export interface Mail {
  readonly to: string;
  readonly text: string;
}

/** Everything in containers, behind one address: Kafka, PostgreSQL, the event store, a mail catcher, every service. */
export class Containers {
  readonly operatorToken = randomBytes(32).toString('base64url');
  /** What the services wrote, line by line. */
  readonly output: string[] = [];
  readonly #images: ContainerImages;
  readonly #started: StartedTestContainer[] = [];
  #network: StartedNetwork | undefined;
  #pool: Pool | undefined;
  #mailUrl = '';
  url = '';

  private constructor(images: ContainerImages) {
    this.#images = images;
  }

  static async start(images: ContainerImages): Promise<Containers> {
    const containers = new Containers(images);
    try {
      await containers.#start();
      return containers;
    } catch (error) {
      await containers.stop();
      const last = containers.output.filter((line) => !line.includes('"msg":"request"')).slice(-50);
      throw new Error(`${(error as Error).message}\n${last.join('\n')}`, { cause: error });
    }
  }

  readonly api: Api = async (method, path, call = {}) => {
    const { headers, payload } = encodeCall(call);
    const answer = await this.#pool!.request({
      method: method,
      path,
      headers: { host: new URL(PUBLIC_URL).host, ...headers },
      ...(payload !== undefined && { body: payload }),
    });
    const text = await answer.body.text();
    const isJson = /\bjson\b/.test(String(answer.headers['content-type']));
    return { status: answer.statusCode, body: isJson ? parseBody(text) : text, headers: answer.headers };
  };

  /** What the mail catcher took. */
  async mails(): Promise<Mail[]> {
    const ask = async <T>(path: string) => (await fetch(`${this.#mailUrl}${path}`)).json() as Promise<T>;
    const { messages } = await ask<{ messages: { ID: string; To: { Address: string }[] }[] }>(
      '/api/v1/messages?limit=1000',
    );
    return Promise.all(
      messages.map(async ({ ID, To }) => ({
        to: To[0]!.Address,
        text: (await ask<{ Text: string }>(`/api/v1/message/${ID}`)).Text,
      })),
    );
  }

  /** Ends all of it, last started first. */
  async stop(): Promise<void> {
    await this.#pool?.destroy();
    for (const container of this.#started.splice(0).toReversed()) await container.stop({ timeout: 10_000 });
    await this.#network?.stop();
    this.#network = undefined;
  }

  async #start(): Promise<void> {
    const network = (this.#network = await new Network().start());
    const { eventStore, kafka, mail, postgres } = this.#images;
    const [database] = await this.#all([
      startPostgres(postgres, network),
      startKafka(kafka, network).then(({ container }) => container),
      this.#startMail(mail, network),
      this.#startEventStore(eventStore, network),
    ]);
    const password = (database as Awaited<ReturnType<typeof startPostgres>>).getPassword();
    const environment = this.#serviceEnvironment(password);
    await this.#all(['relay', ...SERVICES].map((name) => this.#startService(name, network, environment)));
    const [gateway] = await this.#all([this.#startGateway(network)]);
    this.url = addressOf(gateway!, 4000);
    this.#pool = new Pool(this.url, { connections: 16, pipelining: 1 });
    await this.#ready();
  }

  async #ready(): Promise<void> {
    for (const until = Date.now() + START_MS; ; await sleep(200)) {
      const { status, body } = await this.api('GET', '/health/ready');
      if (status === 200) return;
      if (Date.now() > until) throw new Error(`not ready: ${JSON.stringify(body)}`);
    }
  }

  /** Whoever came up is ended with the rest, also where another one did not. */
  async #all(starting: readonly Promise<StartedTestContainer>[]): Promise<StartedTestContainer[]> {
    const outcomes = await Promise.allSettled(starting);
    for (const outcome of outcomes) if (outcome.status === 'fulfilled') this.#started.push(outcome.value);
    return Promise.all(starting);
  }

  #serviceEnvironment(password: string): Record<string, string> {
    const database = (name: string) =>
      `postgres://sparekey:${password}@postgres:5432/${name}?sslmode=disable`;
    return {
      SPAREKEY_PUBLIC_URL: PUBLIC_URL,
      SPAREKEY_INTERNAL_URL: 'http://gateway:4000',
      SPAREKEY_ALLOW_PLAINTEXT: 'true',
      SPAREKEY_TRUSTED_PROXIES: '10.0.0.0/8,172.16.0.0/12,192.168.0.0/16',
      SPAREKEY_OPERATOR_TOKEN: this.operatorToken,
      SPAREKEY_MASTER_KEYS: generateMasterKeys(),
      SPAREKEY_PEPPERS: generatePeppers(),
      SPAREKEY_SMTP_URL: 'smtp://mail:1025',
      EVENTSTORE_URL: 'esdb://eventstore:2113?tls=false',
      KAFKA_BROKERS: 'kafka:9092',
      KAFKA_TLS: 'false',
      DATABASE_URL: database('sparekey_views'),
      KEYRING_DATABASE_URL: database('sparekey_keys'),
    };
  }

  #startEventStore(image: string, network: StartedNetwork): Promise<StartedTestContainer> {
    return new GenericContainer(image)
      .withNetwork(network)
      .withNetworkAliases('eventstore')
      .withEnvironment({
        EVENTSTORE_INSECURE: 'true',
        EVENTSTORE_CLUSTER_SIZE: '1',
        EVENTSTORE_RUN_PROJECTIONS: 'None',
      })
      .withWaitStrategy(Wait.forHealthCheck())
      .withStartupTimeout(START_MS)
      .start();
  }

  async #startMail(image: string, network: StartedNetwork): Promise<StartedTestContainer> {
    const container = await new HardenedContainer(image)
      .withNetwork(network)
      .withNetworkAliases('mail')
      .withExposedPorts(8025)
      .withWaitStrategy(Wait.forHttp('/readyz', 8025))
      .withStartupTimeout(START_MS)
      .start();
    this.#mailUrl = addressOf(container, 8025);
    return container;
  }

  #service(name: string, network: StartedNetwork, environment: Record<string, string>): GenericContainer {
    return new HardenedContainer(this.#images.services)
      .withNetwork(network)
      .withNetworkAliases(name)
      .withEnvironment(environment)
      .withCommand([`apps/${name}/dist/main.js`])
      .withLogConsumer((lines) =>
        lines.on('data', (line: Buffer) => this.output.push(`${name} ${line.toString().trim()}`)),
      )
      .withStartupTimeout(START_MS);
  }

  #startService(name: string, network: StartedNetwork, environment: Record<string, string>) {
    return this.#service(name, network, environment)
      .withWaitStrategy(Wait.forLogMessage(/"msg":"ready"/))
      .start();
  }

  #startGateway(network: StartedNetwork): Promise<StartedTestContainer> {
    const upstreams = SERVICES.map((name) => [`${name.toUpperCase()}_URL`, `http://${name}:4000`]);
    return this.#service('gateway', network, {
      SPAREKEY_PUBLIC_URL: PUBLIC_URL,
      SPAREKEY_INTERNAL_URL: 'http://gateway:4000',
      SPAREKEY_ALLOW_PLAINTEXT: 'true',
      ...(Object.fromEntries(upstreams) as Record<string, string>),
    })
      .withExposedPorts(4000)
      .withWaitStrategy(Wait.forLogMessage(/"msg":"ready"/))
      .start();
  }
}
