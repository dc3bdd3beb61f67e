import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { KafkaContainer } from '@testcontainers/kafka';
import { PostgreSqlContainer } from '@testcontainers/postgresql';
import {
  GenericContainer,
  Network,
  Wait,
  type StartedNetwork,
  type StartedTestContainer,
} from 'testcontainers';
import { HardenedContainer } from './hardened-container.ts';
import { requireImages, type ContainerImages } from './images.ts';

const DATABASES = fileURLToPath(new URL('../../../../deploy/docker/databases.sql', import.meta.url));
/** Milliseconds, on a machine that is busy. */
const START_MS = 120_000;

export type ServerName = 'kafka' | 'postgres' | 'eventStore' | 'mail';

/** Kafka, PostgreSQL, the event store and a mail catcher in containers, on a network of their own. */
export class ContainerServers {
  /** How they are reached from this machine: variables of the environment. */
  readonly environment: Record<string, string> = {};
  readonly #images: ContainerImages;
  readonly #started: StartedTestContainer[] = [];
  #network: StartedNetwork | undefined;

  private constructor(images: ContainerImages) {
    this.#images = images;
  }

  static async start(images: ContainerImages, names: readonly ServerName[]): Promise<ContainerServers> {
    await requireImages(names.map((name) => images[name]));
    const servers = new ContainerServers(images);
    try {
      await servers.#start(names);
      return servers;
    } catch (error) {
      await servers.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.#started.splice(0).map((container) => container.stop({ timeout: 10_000 })));
    await this.#network?.stop();
    this.#network = undefined;
  }

  async #start(names: readonly ServerName[]): Promise<void> {
    const network = (this.#network = await new Network().start());
    this.environment.SPAREKEY_TEST_NETWORK = network.getName();
    const begin = {
      kafka: () => this.#startKafka(network),
      postgres: () => this.#startPostgres(network),
      eventStore: () => this.#startEventStore(network),
      mail: () => this.#startMail(network),
    };
    // whoever came up is ended with the rest, also where another one did not
    const outcomes = await Promise.allSettled(names.map((name) => begin[name]()));
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  /** One node; in the network it is `kafka:9092`. */
  async #startKafka(network: StartedNetwork): Promise<void> {
    const container = await new KafkaContainer(this.#images.kafka)
      .withKraft()
      .withNetwork(network)
      .withNetworkAliases('kafka')
      .withEnvironment({
        KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
        KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
      })
      .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/))
      .withStartupTimeout(START_MS)
      .start();
    this.#started.push(container);
    this.environment.KAFKA_BROKERS = `${container.getHost()}:${container.getMappedPort(9093)}`;
  }

  /** With both databases, as in `docker-compose.yml`; in the network it is `postgres:5432`. */
  async #startPostgres(network: StartedNetwork): Promise<void> {
    const container = await new PostgreSqlContainer(this.#images.postgres)
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
    this.#started.push(container);
    const url = new URL(container.getConnectionUri());
    this.environment.DATABASE_URL = url.href;
    this.environment.KEYRING_DATABASE_URL = Object.assign(url, { pathname: '/sparekey_keys' }).href;
  }

  /** In the network it is `eventstore:2113`. */
  async #startEventStore(network: StartedNetwork): Promise<void> {
    const container = await new GenericContainer(this.#images.eventStore)
      .withNetwork(network)
      .withNetworkAliases('eventstore')
      .withExposedPorts(2113)
      .withEnvironment({
        EVENTSTORE_INSECURE: 'true',
        EVENTSTORE_CLUSTER_SIZE: '1',
        EVENTSTORE_RUN_PROJECTIONS: 'None',
      })
      .withWaitStrategy(Wait.forHealthCheck())
      .withStartupTimeout(START_MS)
      .start();
    this.#started.push(container);
    this.environment.EVENTSTORE_URL = `esdb://${container.getHost()}:${container.getMappedPort(2113)}?tls=false`;
    if (this.#images.isStandIn) this.environment.SPAREKEY_TEST_EVENTSTORE_IS = 'the stand-in, in a container';
  }

  /** In the network it is `mail:1025`. */
  async #startMail(network: StartedNetwork): Promise<void> {
    const container = await new HardenedContainer(this.#images.mail)
      .withNetwork(network)
      .withNetworkAliases('mail')
      .withExposedPorts(8025)
      .withWaitStrategy(Wait.forHttp('/readyz', 8025))
      .withStartupTimeout(START_MS)
      .start();
    this.#started.push(container);
    this.environment.SPAREKEY_TEST_MAIL_URL = `http://${container.getHost()}:${container.getMappedPort(8025)}`;
  }
}
