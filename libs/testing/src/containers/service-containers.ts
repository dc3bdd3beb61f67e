import { chmodSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { SERVICES } from '@sparekey/hosting';
import type { Member } from '@sparekey/hosting/fleet';
import { Wait, type StartedTestContainer } from 'testcontainers';
import { SeparateServices, servicesHere, type Crew, type ServicesOptions } from '../services/index.ts';
import { HardenedContainer } from './hardened-container.ts';
import { readImages } from './images.ts';

const PUBLIC_URL = 'http://localhost:4000';
const INTERNAL_PORT = 4000;
/** Milliseconds for all of them together, on a machine that is busy. */
const START_MS = 120_000;
/** A service whose clock a test moves on is the image as it is, and these few lines beside it. */
const WITH_CLOCK = fileURLToPath(new URL('../../dist/services', import.meta.url));
/** Where the systems stand for who is on the network (`ContainerServers`). */
const INSIDE = {
  mail: 'smtp://mail:1025',
  kafka: 'kafka:9092',
  eventStore: 'esdb://eventstore:2113?tls=false',
  postgres: 'postgres:5432',
};

interface ContainersOptions extends ServicesOptions {
  readonly network: string;
}

/** What `ContainerServers` started, or the reason why nothing is tested in containers here. */
export function containersHere(): ContainersOptions | string {
  const network = process.env.SPAREKEY_TEST_NETWORK;
  if (!network) return 'not run: npm run test:containers starts what it needs';
  const servers = servicesHere();
  return typeof servers === 'string' ? servers : { ...servers, network };
}

/** Every service and the gateway in containers of their own, hardened as in `docker-compose.yml`. */
export class ServiceContainers extends SeparateServices<Crew, ContainersOptions> {
  static async start(options: ContainersOptions): Promise<ServiceContainers> {
    const services = new ServiceContainers(options);
    await services.start();
    return services;
  }

  protected async openLog(): Promise<string> {
    return this.options.eventStoreUrl!;
  }

  protected async launch(
    environment: Readonly<Record<string, string>>,
    environmentOf: (member: Member) => Readonly<Record<string, string>>,
  ): Promise<Crew> {
    chmodSync(this.path, 0o755); // in a container it is another user who reads the clock
    const inside = (url: string) =>
      Object.assign(new URL(url), { host: INSIDE.postgres, search: '?sslmode=disable' }).href;
    const common = {
      SPAREKEY_PUBLIC_URL: PUBLIC_URL,
      SPAREKEY_INTERNAL_URL: `http://${this.#alias('gateway')}:${INTERNAL_PORT}`,
      SPAREKEY_ALLOW_PLAINTEXT: 'true',
    };
    const given = {
      ...common,
      SPAREKEY_SMTP_URL: INSIDE.mail,
      ...environment,
      SPAREKEY_TRUSTED_PROXIES: '10.0.0.0/8,172.16.0.0/12,192.168.0.0/16',
      EVENTSTORE_URL: INSIDE.eventStore,
      KAFKA_BROKERS: INSIDE.kafka,
      KAFKA_TLS: 'false',
    };
    const upstreams = SERVICES.map((name) => [
      `${name.toUpperCase()}_URL`,
      `http://${this.#alias(name)}:${INTERNAL_PORT}`,
    ]);
    const started = new Map<Member, StartedTestContainer>();
    const stop = async () => {
      await Promise.all([...started.values()].map((container) => container.stop({ timeout: 10_000 })));
    };
    const urlOf = (member: Member) => {
      const container = started.get(member)!;
      return `http://${container.getHost()}:${container.getMappedPort(INTERNAL_PORT)}`;
    };
    const begin = async (member: Member, its: Record<string, string>) =>
      void started.set(member, await this.#container(member, its).start());
    const outcomes = await Promise.allSettled([
      ...(['relay', ...SERVICES] as const).map((member) => {
        const urls = Object.entries(environmentOf(member)).map(([name, url]) => [name, inside(url)]);
        return begin(member, { ...given, ...(Object.fromEntries(urls) as Record<string, string>) });
      }),
      begin('gateway', { ...common, ...(Object.fromEntries(upstreams) as Record<string, string>) }),
    ]);
    try {
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
      await ready(urlOf('gateway'));
    } catch (error) {
      await stop();
      throw error;
    }
    return { url: urlOf('gateway'), members: (member) => [{ url: urlOf(member) }], stop };
  }

  /** Several runs may be on one network. */
  #alias(member: Member): string {
    return `${this.namespace}-${member}`;
  }

  #container(member: Member, environment: Record<string, string>) {
    const container = new HardenedContainer(readImages(process.env).services)
      .withNetworkMode(this.options.network)
      .withNetworkAliases(this.#alias(member))
      .withEnvironment(environment)
      .withExposedPorts(INTERNAL_PORT)
      .withLogConsumer((lines) =>
        lines.on('data', (line: Buffer) => this.output.push(`${member} ${line.toString().trim()}`)),
      )
      .withWaitStrategy(Wait.forLogMessage(/"msg":"ready"/))
      .withStartupTimeout(START_MS);
    if (this.options.startsAt === undefined || member === 'relay' || member === 'gateway')
      return container.withCommand([`apps/${member}/dist/main.js`]);
    return container
      .withHealthCheck({ test: ['CMD', 'true'] }) // the image's own starts a Node each time, in each of them
      .withBindMounts([
        { source: WITH_CLOCK, target: '/app/libs/testing/dist/services', mode: 'ro' },
        { source: this.path, target: '/clock', mode: 'ro' },
      ])
      .withCommand([
        'libs/testing/dist/services/service-with-clock.js',
        `/app/apps/${member}/dist/service.js`,
        '/clock/clock',
      ]);
  }
}

async function ready(url: string): Promise<void> {
  for (const until = Date.now() + START_MS; ; await sleep(200)) {
    const answer = await fetch(`${url}/health/ready`);
    if (answer.ok) return;
    if (Date.now() > until) throw new Error(`not ready: ${await answer.text()}`);
  }
}
