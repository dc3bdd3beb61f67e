import { setTimeout as sleep } from 'node:timers/promises';
import { SERVICES, type ServiceName } from '../service-names.ts';
import { freePort } from './free-port.ts';
import { Supervised } from './supervised.ts';

export type Member = ServiceName | 'relay' | 'gateway';

export interface FleetOptions {
  /** Where each program is: by default as `npm run build` makes it. */
  readonly main: (member: Member) => string;
  readonly arguments?: (member: Member) => readonly string[];
  /** What all of them are given. */
  readonly environment: Readonly<Record<string, string>>;
  /** What only this one is given beside it. */
  readonly environmentOf?: (member: Member) => Readonly<Record<string, string>>;
  readonly port: number;
  readonly host?: string;
  readonly publicUrl: string;
  /** How many of each; default one. */
  readonly replicas?: Partial<Record<Member, number>>;
  readonly restarts: boolean;
  readonly onOutput: (member: Member, text: string) => void;
}

interface Running {
  readonly member: Member;
  readonly url: string;
  readonly process: Supervised;
}

/** Every service as a process of its own on this machine, behind one address. */
export class Fleet {
  readonly #running: readonly Running[];
  readonly url: string;

  private constructor(running: readonly Running[], url: string) {
    this.#running = running;
    this.url = url;
  }

  static async start(options: FleetOptions): Promise<Fleet> {
    const {
      main,
      environment,
      port,
      host = '127.0.0.1',
      publicUrl,
      replicas = {},
      restarts,
      onOutput,
    } = options;
    const url = `http://127.0.0.1:${port}`;
    const common = {
      SPAREKEY_INTERNAL_URL: url,
      ...environment,
      SPAREKEY_TRUSTED_PROXIES: '127.0.0.1', // the gateway alone; whom it trusts itself is said to it below
      SPAREKEY_PUBLIC_URL: publicUrl,
    };
    const running: Running[] = [];
    const add = (
      member: Member,
      where: { PORT: string; HOST: string },
      more: Record<string, string> = {},
    ) => {
      const process = new Supervised({
        main: main(member),
        arguments: options.arguments?.(member) ?? [],
        environment: { ...common, ...options.environmentOf?.(member), ...where, ...more },
        restarts,
        onOutput: (text) => onOutput(member, text),
      });
      process.start();
      running.push({ member, url: `http://127.0.0.1:${where.PORT}`, process });
    };
    for (const member of ['relay', ...SERVICES] as const) {
      for (let n = 0; n < (replicas[member] ?? 1); n++)
        add(member, { PORT: String(await freePort()), HOST: '127.0.0.1' });
    }
    const upstreams = SERVICES.map((member): [string, string] => [
      `${member.toUpperCase()}_URL`,
      running
        .filter((one) => one.member === member)
        .map((one) => one.url)
        .join(','),
    ]);
    const outside = { SPAREKEY_TRUSTED_PROXIES: environment.SPAREKEY_TRUSTED_PROXIES ?? '' };
    add('gateway', { PORT: String(port), HOST: host }, { ...Object.fromEntries(upstreams), ...outside });
    return new Fleet(running, url);
  }

  /** Waits until every one of them is ready. @throws where one does not come up in time */
  async ready(timeout = 120_000): Promise<void> {
    const until = Date.now() + timeout;
    for (const { member, url } of this.#running) {
      for (let fault = ''; ; await sleep(100)) {
        fault = await notReady(url);
        if (fault === '') break;
        if (Date.now() > until) throw new Error(`${member} is not ready: ${fault}`);
      }
    }
  }

  /** Processes of one service, in a fixed order. */
  members(member: Member): readonly { readonly url: string; readonly process: Supervised }[] {
    return this.#running.filter((one) => one.member === member);
  }

  /** Ends all of them: first who takes requests. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    for (const { process } of this.members('gateway')) await process.end(signal);
    await Promise.all(this.#running.map(({ process }) => process.end(signal)));
  }
}

/** @returns why not; nothing where it is */
async function notReady(url: string): Promise<string> {
  try {
    const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5_000) });
    return answer.ok ? '' : await answer.text();
  } catch (error) {
    const { message, cause } = error as Error;
    return cause instanceof Error ? `${message}: ${cause.message}` : message;
  }
}
