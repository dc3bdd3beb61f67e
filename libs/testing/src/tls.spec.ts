import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { connectEventStoreDb, EventStoreDbEventStore } from '@sparekey/eventstoredb';
import { eventStoreContract, sampleEvent } from '@sparekey/event-sourcing/testing';
import { freePort, localServer } from '@sparekey/hosting/fleet';
import { connectKafka } from '@sparekey/kafka';
import { EventStoreDbStandIn } from '@sparekey/eventstoredb-stand-in';
import { eventStoreDb } from './adapters.ts';
import { documentedRights, GuardedStandIn } from './guarded-stand-in.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import { selfSigned, tlsFront } from './tls-front.ts';

/*
 * EventStoreDB and Kafka over TLS with an authority of one's own, and Kafka with a login. PostgreSQL: postgres.spec.ts.
 */

const KAFKA = fileURLToPath(new URL('../../../deploy/local/kafka.sh', import.meta.url));
const temporary = temporaryDirectory();
afterAll(() => temporary.remove());

describe('EventStoreDB over TLS (the stand-in, behind a front that encrypts)', () => {
  let standIn: EventStoreDbStandIn;
  let front: Awaited<ReturnType<typeof tlsFront>>;
  const opened: EventStoreDbEventStore[] = [];

  beforeAll(async () => {
    standIn = await EventStoreDbStandIn.start({ directory: temporary.path });
    const { hostname, port } = new URL(standIn.url.replace('esdb:', 'http:'));
    front = await tlsFront('localhost', { hostname, port: Number(port) }, 'at once');
  });
  afterAll(async () => {
    for (const store of opened) await store.close();
    await front.close();
    await standIn.stop();
  });

  const append = async (query: string) => {
    const store = new EventStoreDbEventStore({
      client: connectEventStoreDb(`esdb://localhost:${front.port}?tls=true${query}`, false),
      prefixes: ['sample-'],
      namespace: '',
      onTrouble: () => undefined,
    });
    opened.push(store);
    const stream = `sample-tls.${randomUUID()}`;
    await store.append(stream, 'no-stream', [sampleEvent()]);
    return store.read(stream);
  };

  test('is served where the authority is named', async () => {
    expect(await append(`&tlsCAFile=${front.caFile}`)).toHaveLength(1);
  });

  test('is told nothing where the certificate is signed by nobody who is known', async () => {
    await expect(append('')).rejects.toMatchObject({ name: 'StoreUnavailable' });
  });
});

// the whole contract, with no more rights than docs/operations.md has an operator give
eventStoreContract(
  'EventStoreDB (the stand-in, over TLS, with a login and the rights it needs)',
  async () => {
    const guarded = await GuardedStandIn.start();
    await guarded.set(documentedRights());
    return eventStoreDb(guarded.url('sparekey'), () => guarded.close());
  },
);

const here = process.env.KAFKA_BROKERS ? '' : ': KAFKA_BROKERS is not set';

(here === '' ? describe : describe.skip)(`Kafka over TLS, with a login (a broker of its own${here})`, () => {
  const directory = `${temporary.path}/kafka`;
  const password = randomUUID();
  let port: number;
  let caFile: string;

  beforeAll(async () => {
    port = await freePort();
    mkdirSync(directory);
    const files = selfSigned('localhost', directory);
    ({ caFile } = files);
    const both = `${readFileSync(files.keyFile, 'utf8')}${readFileSync(caFile, 'utf8')}`;
    writeFileSync(`${directory}/server.pem`, both, { mode: 0o600 });
    const login = `username="sparekey" password="${password}" user_sparekey="${password}"`;
    const lines = [
      `listeners=SASL_SSL://127.0.0.1:${port},CONTROLLER://127.0.0.1:${port + 1}`,
      `advertised.listeners=SASL_SSL://localhost:${port}`,
      'listener.security.protocol.map=SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT',
      'inter.broker.listener.name=SASL_SSL',
      'sasl.enabled.mechanisms=PLAIN',
      'sasl.mechanism.inter.broker.protocol=PLAIN',
      `listener.name.sasl_ssl.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required ${login};`,
      'ssl.keystore.type=PEM',
      `ssl.keystore.location=${directory}/server.pem`,
      'ssl.truststore.type=PEM',
      `ssl.truststore.location=${caFile}`,
    ];
    writeFileSync(`${directory}/more.properties`, `${lines.join('\n')}\n`, { mode: 0o600 });
    await localServer(KAFKA, 'start', directory, port);
  }, 120_000);
  afterAll(() => localServer(KAFKA, 'stop', directory, port), 60_000);

  const topics = async (how: { username?: string; password?: string; caFile?: string }) => {
    const options = {
      brokers: [`localhost:${port}`],
      clientId: 'tls',
      mechanism: 'plain',
      tls: true,
    } as const;
    const kafka = connectKafka({ ...options, ...how, allowPlaintext: false, onLog: () => undefined });
    const admin = kafka.admin({ retry: { retries: 0 } });
    try {
      await admin.connect();
      return await admin.listTopics();
    } finally {
      await admin.disconnect();
    }
  };

  test('serves who knows the authority and the password', async () => {
    expect(await topics({ username: 'sparekey', password, caFile })).toEqual([]);
  });

  test('is told no password where its certificate is signed by nobody who is known', async () => {
    await expect(topics({ username: 'sparekey', password })).rejects.toThrow(/self-signed certificate/);
  });

  test.each([
    ['another password', { username: 'sparekey', password: 'guessed' }],
    ['no login', {}],
  ])('does not serve who has %s', async (_what, how) => {
    await expect(topics({ ...how, caFile })).rejects.toThrow();
  });
});
