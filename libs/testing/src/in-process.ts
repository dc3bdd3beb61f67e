import { randomBytes } from 'node:crypto';
import { Writable } from 'node:stream';
import { EnrollmentModule } from '@sparekey/enrollment';
import type { EventStore } from '@sparekey/event-sourcing';
import { IdentityModule } from '@sparekey/identity';
import {
  createLogger,
  createPorts,
  createServer,
  readConfiguration,
  type LogLevel,
  type Ports,
  type TrustedClock,
} from '@sparekey/platform';
import { RecoveryModule } from '@sparekey/recovery';
import { DataDirectory } from '@sparekey/sqlite';
import { generateMasterKeys, generatePeppers, readMasterKeys, readPeppers } from '@sparekey/vault';
import { VerificationModule } from '@sparekey/verification';
import { temporaryDirectory } from './adapters.ts';
import { encodeCall, parseBody, type Api } from './api.ts';
import { FixedClock } from './fixed-clock.ts';

export const ROOMS = [EnrollmentModule, RecoveryModule, VerificationModule, IdentityModule];

/** One verifier with its own caches and queues; several may work on one {@link World}. */
export interface InProcess {
  readonly api: Api;
  readonly ports: Ports;
  /** What it logged, line by line. */
  readonly log: readonly string[];
  readonly app: Awaited<ReturnType<typeof createServer>>;
}

/** A data directory, a clock and an operator, for apps that run in the test's own process through the real ports. */
export class World {
  readonly operatorToken = randomBytes(32).toString('base64url');
  readonly clock: TrustedClock & FixedClock;
  readonly directory: DataDirectory;
  readonly store: EventStore;
  readonly #ring;
  readonly #masterKeys;
  readonly #peppers;
  readonly #apps: InProcess[] = [];
  readonly #temporary = temporaryDirectory();

  constructor(clock = new FixedClock()) {
    this.clock = clock;
    this.directory = new DataDirectory(this.#temporary.path);
    this.#masterKeys = readMasterKeys(this.directory.secretFile('master-keys', generateMasterKeys).text);
    this.#peppers = readPeppers(this.directory.secretFile('peppers', generatePeppers).text);
    this.store = this.directory.openEventStore();
    this.#ring = this.directory.openKeyRing();
  }

  get path(): string {
    return this.#temporary.path;
  }

  /** Starts an app; `change` may put other ports in the place of the real ones. */
  async start(
    change: (ports: Ports) => Ports = (ports) => ports,
    logLevel: LogLevel = 'trace',
    publicUrl = 'http://localhost:4000',
  ): Promise<InProcess> {
    const log: string[] = [];
    const sink = new Writable({ write: (line, _encoding, done) => (log.push(String(line)), done()) });
    const configuration = {
      ...readConfiguration({ SPAREKEY_DATA_DIR: this.path, SPAREKEY_PUBLIC_URL: publicUrl }),
      operatorToken: this.operatorToken,
      internalUrl: undefined as string | undefined,
    };
    const ports = change(
      await createPorts({
        store: this.store,
        ring: this.#ring,
        masterKeys: this.#masterKeys,
        peppers: this.#peppers,
        clock: this.clock,
      }),
    );
    const app = await createServer({
      configuration,
      ports,
      logger: createLogger(logLevel, sink),
      rooms: ROOMS,
    });
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
      const isJson = String(answer.headers['content-type'] ?? '').includes('json');
      return {
        status: answer.statusCode,
        body: isJson ? parseBody(answer.payload) : answer.payload,
        headers: answer.headers as Record<string, string>,
      };
    };
    const started = { api, ports, log, app };
    this.#apps.push(started);
    return started;
  }

  async close(): Promise<void> {
    for (const { app } of this.#apps) await app.close();
    await this.directory.close();
    this.#temporary.remove();
  }
}
