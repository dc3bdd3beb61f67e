import { spawn, type ChildProcess } from 'node:child_process';
import { extname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface SupervisedOptions {
  readonly main: string;
  readonly arguments?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly onOutput: (text: string) => void;
  /** Started again when it ends by itself. */
  readonly restarts: boolean;
}

const AGAIN_MS = 500;
const END_WITH_PARENT = new URL(`./end-with-parent${extname(import.meta.url)}`, import.meta.url).href;

/** A program of ours as a process of its own. */
export class Supervised {
  readonly #options: SupervisedOptions;
  #child: ChildProcess | undefined;
  #ended: Promise<number | NodeJS.Signals | null> = Promise.resolve(null);
  #isWanted = false;

  constructor(options: SupervisedOptions) {
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  start(): void {
    this.#isWanted = true;
    const { main, environment, onOutput, restarts } = this.#options;
    const flags = ['--disable-warning=ExperimentalWarning', '--import', END_WITH_PARENT];
    const child = spawn(process.execPath, [...flags, main, ...(this.#options.arguments ?? [])], {
      env: { PATH: process.env.PATH, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true, // what is typed at the terminal ends the parent, which then ends the others in their order
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => onOutput(String(chunk)));
    this.#ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        resolve(code ?? signal);
        this.#child = undefined;
        if (this.#isWanted && restarts) void sleep(AGAIN_MS).then(() => this.#isWanted && this.start());
      });
    });
  }

  /** Ends it, for good or until it is started again. @returns its exit code, or the signal that ended it */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | NodeJS.Signals | null> {
    this.#isWanted = false;
    this.#child?.kill(signal);
    return this.#ended;
  }

  /** Ends it without a warning, as a failing machine would; it comes back only where it is supervised. */
  kill(): void {
    this.#child?.kill('SIGKILL');
  }
}
