import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { freePort } from '@sparekey/hosting/fleet';
import { Pool } from 'undici';
import { encodeCall, parseBody, textOf, type Api } from './api.ts';

/** No start takes so long, also with servers of its own. */
const READY_MS = 180_000;

const APPS = fileURLToPath(new URL('../../../apps', import.meta.url));

export interface StandaloneOptions {
  readonly dataDirectory: string;
  /** `local` starts everything apart, with servers of its own: the same environment and address. */
  readonly app?: 'standalone' | 'local';
  /** A free one, if none is named. */
  readonly port?: number;
  readonly environment?: Readonly<Record<string, string>>;
  /** Open connections at once. */
  readonly connections?: number;
  /** Milliseconds until it counts as not ready; default three minutes. */
  readonly patience?: number;
}

/** The built standalone as a process of its own, on a free port of loopback. */
export class Standalone {
  readonly output: string[] = [];

  private constructor(
    readonly child: ChildProcess,
    readonly url: string,
    readonly dataDirectory: string,
    readonly pool: Pool,
    /** Milliseconds from the start of the process to ready. */
    public readyAfter = 0,
  ) {
    for (const stream of [child.stdout!, child.stderr!])
      stream.on('data', (chunk: Buffer) => this.output.push(chunk.toString()));
  }

  static async start({
    dataDirectory,
    app = 'standalone',
    environment = {},
    connections = 64,
    port: wanted,
    patience = READY_MS,
  }: StandaloneOptions): Promise<Standalone> {
    const port = wanted ?? (await freePort());
    const url = `http://localhost:${port}`;
    const began = performance.now();
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', `${APPS}/${app}/dist/main.js`],
      {
        env: { PATH: process.env.PATH, PORT: String(port), SPAREKEY_DATA_DIR: dataDirectory, ...environment },
      },
    );
    const pool = new Pool(`http://127.0.0.1:${port}`, { connections, pipelining: 1 });
    const process_ = new Standalone(child, url, dataDirectory, pool);
    await process_.#ready(patience);
    process_.readyAfter = performance.now() - began;
    return process_;
  }

  get operatorToken(): string {
    return readFileSync(`${this.dataDirectory}/operator-token`, 'utf8');
  }

  readonly api: Api = async (method, path, call = {}) => {
    const { headers, payload } = encodeCall(call);
    const {
      statusCode,
      headers: answered,
      body,
    } = await this.pool.request({
      method: method,
      path,
      headers,
      ...(payload !== undefined && { body: payload }),
    });
    const text = textOf(await body.arrayBuffer());
    const isJson = /\bjson\b/.test(String(answered['content-type']));
    return { status: statusCode, body: isJson ? parseBody(text) : text, headers: answered };
  };

  /** Ends the process and waits for its end. @returns its exit code, or the signal that ended it */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | NodeJS.Signals | null> {
    const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
      if (this.child.exitCode !== null || this.child.signalCode !== null)
        resolve(this.child.exitCode ?? this.child.signalCode);
      else this.child.once('exit', (code, by) => resolve(code ?? by));
    });
    this.child.kill(signal);
    const how = await ended;
    await this.pool.destroy();
    return how;
  }

  async #ready(patience: number): Promise<void> {
    for (const until = Date.now() + patience; ;) {
      if (Date.now() > until) {
        await this.end('SIGKILL');
        throw new Error(`not ready after ${patience} ms: ${this.output.join('')}`);
      }
      if (this.child.exitCode !== null) {
        await this.pool.destroy();
        throw new Error(`ended at start: ${this.output.join('')}`);
      }
      const status = await this.api('GET', '/health/ready').then(
        (answer) => answer.status,
        () => 0, // not listening yet
      );
      if (status === 200) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}
