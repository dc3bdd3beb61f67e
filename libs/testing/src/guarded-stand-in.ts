import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { EventStoreDbStandIn } from '@sparekey/eventstoredb-stand-in';
import { temporaryDirectory } from './temporary-directory.ts';
import { tlsFront } from './tls-front.ts';

/** What is set in the server, as its access lists have it. */
export interface ServerRights {
  /** Metadata of `$all`. */
  readonly all: object;
  /** The stream `$settings`. */
  readonly settings: { readonly $userStreamAcl?: Readonly<Record<string, string | readonly string[]>> };
}

const OPERATIONS = fileURLToPath(new URL('../../../docs/operations.md', import.meta.url));
const PASSWORDS = { admin: 'words-of-admin', sparekey: 'words-of-sparekey' } as const;

/** The stand-in with logins, behind a front that encrypts: who comes without a login is anybody. */
export class GuardedStandIn {
  readonly #front: Awaited<ReturnType<typeof tlsFront>>;
  readonly #standIn: EventStoreDbStandIn;
  readonly #remove: () => void;

  private constructor(
    standIn: EventStoreDbStandIn,
    front: Awaited<ReturnType<typeof tlsFront>>,
    remove: () => void,
  ) {
    this.#standIn = standIn;
    this.#front = front;
    this.#remove = remove;
  }

  /** @param letsAnybodyIn who comes without a login, too, as a server does that is told to */
  static async start({ letsAnybodyIn = false } = {}): Promise<GuardedStandIn> {
    const { path: directory, remove } = temporaryDirectory();
    const logins = {
      admin: { password: PASSWORDS.admin, groups: ['$admins'] },
      sparekey: { password: PASSWORDS.sparekey },
    };
    const standIn = await EventStoreDbStandIn.start({ directory, logins, letsAnybodyIn });
    const { hostname, port } = new URL(standIn.url.replace('esdb:', 'http:'));
    const front = await tlsFront('localhost', { hostname, port: Number(port) }, 'at once');
    return new GuardedStandIn(standIn, front, remove);
  }

  /** @param login nobody's where absent */
  url(login?: keyof typeof PASSWORDS, password: string | undefined = login && PASSWORDS[login]): string {
    const { port, caFile } = this.#front;
    return `esdb://${login ? `${login}:${password}@` : ''}localhost:${port}?tls=true&tlsCAFile=${caFile}`;
  }

  /** Sets what is given anew, and the rest back to what it is by the server's default. */
  async set({ all = {}, settings = {} }: Partial<ServerRights>): Promise<void> {
    await this.#standIn.write('$$$all', '$metadata', all);
    await this.#standIn.write('$settings', '$settings', settings);
  }

  async close(): Promise<void> {
    await this.#front.close();
    await this.#standIn.stop();
    this.#remove();
  }
}

/** What docs/operations.md tells operators to set. */
export function documentedRights(): ServerRights {
  const text = readFileSync(OPERATIONS, 'utf8');
  const [, all] = /^- metadata of `\$all`: `(\{.+\})`[;.]$/m.exec(text) ?? [];
  const [, settings] = /^- stream `\$settings`: `(\{.+\})`[;.]$/m.exec(text) ?? [];
  return {
    all: JSON.parse(all!) as object,
    settings: JSON.parse(settings!) as ServerRights['settings'],
  };
}
