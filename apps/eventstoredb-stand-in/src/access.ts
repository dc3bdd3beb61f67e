import type { Metadata } from '@grpc/grpc-js';
import type { Log } from './log.ts';
import { accessDenied, unknownLogin } from './refusals.ts';

/** Who may log in, by name; each is a group of one, too. */
export type Logins = Readonly<
  Record<string, { readonly password: string; readonly groups?: readonly string[] }>
>;

/** As access lists have them: to read a stream or the whole log, to write, to delete, to read and to write its metadata. */
export type Right = '$r' | '$w' | '$d' | '$mr' | '$mw';

const EVERYBODY = '$all';
const ADMINS = '$admins';
const WHOLE_LOG = '$all';

/**
 * Access lists, as the server judges them: that of the stream's metadata, for what it does not say that of `$settings`, else everybody
 * may do everything with streams of users, and administrators alone with those of the system, of which the whole log (`$all`) is one.
 * Who comes without a login is refused, unless anybody is let in, as with `AllowAnonymousStreamAccess` there. Where there are no logins
 * nobody is asked who they are, as with `--insecure`.
 */
export class Access {
  readonly #log: Log;
  readonly #logins: Logins | undefined;
  readonly #letsAnybodyIn: boolean;

  constructor(log: Log, logins: Logins | undefined, letsAnybodyIn = false) {
    this.#log = log;
    this.#logins = logins;
    this.#letsAnybodyIn = letsAnybodyIn;
  }

  /** @param stream the whole log where absent @throws Refusal */
  check(headers: Metadata, right: '$r' | '$w' | '$d', stream = WHOLE_LOG): void {
    if (!this.#logins) return;
    const groups = this.#groupsOf(headers, this.#logins);
    const isMetadata = stream.startsWith('$$');
    if ((stream === WHOLE_LOG && right !== '$r') || (isMetadata && right === '$d')) throw accessDenied();
    const list = isMetadata
      ? this.#list(right === '$r' ? '$mr' : '$mw', stream.slice(2))
      : this.#list(right, stream);
    if (!groups.some((group) => group === ADMINS || list.includes(group))) throw accessDenied();
  }

  #groupsOf(headers: Metadata, logins: Logins): readonly string[] {
    const [header] = headers.get('authorization');
    if (header === undefined && !this.#letsAnybodyIn) throw accessDenied();
    if (header === undefined) return [EVERYBODY];
    const encoded = String(header).replace(/^Basic /i, '');
    const [, name = '', password] = /^([^:]*):(.*)$/.exec(Buffer.from(encoded, 'base64').toString()) ?? [];
    const login = Object.hasOwn(logins, name) ? logins[name] : undefined;
    if (login?.password !== password) throw unknownLogin();
    return [EVERYBODY, name, ...(login?.groups ?? [])];
  }

  #list(right: Right, stream: string): readonly string[] {
    const isOfSystem = stream.startsWith('$');
    const settings = Object(this.#log.newestData('$settings')) as Record<string, unknown>;
    const lists = [
      (Object(this.#log.newestData(`$$${stream}`)) as Record<string, unknown>).$acl,
      settings[isOfSystem ? '$systemStreamAcl' : '$userStreamAcl'],
    ].map((list) => (Object(list) as Record<string, unknown>)[right]);
    const said = lists.find((list) => list !== undefined);
    return said === undefined ? [isOfSystem ? ADMINS : EVERYBODY] : [said].flat().map(String);
  }
}
