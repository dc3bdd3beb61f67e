import { setTimeout as sleep } from 'node:timers/promises';
import { EventStoreDBClient } from '@eventstore/db-client';
import { status, type Client } from '@grpc/grpc-js';
import { TimedOut } from './failures.ts';
import './subchannels.ts';

/** The address cannot be used; the message says what to mend and never repeats what may hold a password. */
export class EventStoreDbFault extends Error {
  override readonly name = 'EventStoreDbFault';
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/;
const ADDRESS = /^(?:esdb|kurrentdb)(\+discover)?:\/\/((?:[^@/]*@)?)([^/?]+)\/?(?:\?(.*))?$/;

/**
 * A client of EventStoreDB, whose calls fail and never end the process.
 *
 * @param url `esdb://` or `esdb+discover://`, with a login where one is needed; `kurrentdb://` is the same
 * @throws EventStoreDbFault where it is no such address, or where what is said to a server elsewhere could be read on the way
 */
export function connectEventStoreDb(url: string, allowPlaintext: boolean): EventStoreDBClient {
  const [, discover = '', login = '', hosts = '', query = ''] = ADDRESS.exec(url) ?? [];
  if (hosts === '')
    throw new EventStoreDbFault(
      'must be an address that begins with esdb://, esdb+discover:// or kurrentdb://, such as esdb://a:2113,b:2113,c:2113 for three nodes',
    );
  const option = (name: string) => new RegExp(`(?:^|&)${name}=([^&]*)`, 'i').exec(query)?.[1]?.toLowerCase();
  const isLocal = hosts.split(',').every((host) => LOOPBACK.test(host));
  if (option('tls') === 'false' && !isLocal && !allowPlaintext)
    throw new EventStoreDbFault('must not say tls=false, or set SPAREKEY_ALLOW_PLAINTEXT=true');
  // the client only warns, and goes on as if it had not been said
  if (option('tlsVerifyCert') === 'false')
    throw new EventStoreDbFault('must not say tlsVerifyCert=false: name the authority with tlsCAFile=');
  // with +discover the client takes the first of several hosts, for it means one name that stands for all
  const scheme = discover !== '' && !hosts.includes(',') ? 'esdb+discover' : 'esdb';
  const patience = option('gossipTimeout') === undefined ? [`gossipTimeout=${GOSSIP_SECONDS}`] : [];
  const options = [...(query === '' ? [] : [query]), ...patience].join('&');
  const client = connect(`${scheme}://${login}${hosts}${options && `?${options}`}`);
  return steady(client, hosts.split(','));
}

/**
 * The same server, asked as somebody without a login.
 *
 * @returns nothing where it stands on this machine and speaks without TLS, so that nobody is asked for one
 * @throws EventStoreDbFault as {@link connectEventStoreDb} does
 */
export function connectWithoutLogin(url: string, allowPlaintext: boolean): EventStoreDBClient | undefined {
  const [, discover = '', , hosts = '', query = ''] = ADDRESS.exec(url) ?? [];
  const options = query.split('&').filter((option) => !/^user(Cert|Key)File=/i.test(option));
  const isPlain = options.some((option) => /^tls=false$/i.test(option));
  if (isPlain && hosts.split(',').every((host) => LOOPBACK.test(host))) return undefined;
  return connectEventStoreDb(`esdb${discover}://${hosts}?${options.join('&')}`, allowPlaintext);
}

/** So long a node is asked who leads, where the address does not say: one that stands still keeps nobody from asking the others. */
const GOSSIP_SECONDS = 1;

/** What the client says of an address itself, in words that hold nothing of it. */
const SAID = [
  [/certificate file/i, 'names in tlsCAFile a file that is not there'],
  [/key file|userCertFile/i, 'needs both userCertFile and userKeyFile, and both files there'],
] as const;

function connect(url: string): EventStoreDBClient {
  try {
    return EventStoreDBClient.connectionString(url);
  } catch (error) {
    const [, known] = SAID.find(([pattern]) => pattern.test((error as Error).message)) ?? [];
    throw new EventStoreDbFault(known ?? 'is no address that the client of EventStoreDB understands');
  }
}

/** Parts of the client that it keeps to itself. */
interface Inner {
  readonly resolveUri: () => Promise<string>;
  readonly shouldReconnect: (error: Error) => readonly [boolean, unknown?];
  readonly handleError: (client: Client, error: Error) => Promise<void>;
  readonly getChannel: () => Promise<{ close(): void }>;
  readonly disposableStreams: ReadonlySet<{ resume?(): void }>;
  readonly callArguments: (base: { readonly deadline?: number }, options?: object) => readonly unknown[];
}

function steady(client: EventStoreDBClient, hosts: readonly string[]): EventStoreDBClient {
  const { resolveUri, shouldReconnect, handleError, callArguments } = client as unknown as Inner;
  let failures = 0;
  return Object.assign(client, {
    // Appends go one by one: in the client's batches the error of one stream ends the appends of all others, and a late
    // answer throws where nobody can catch it (kurrent-io/KurrentDB-Client-NodeJS, pull request 523).
    supports: async () => false,
    // Where no node is found the client would keep that failure for ever. Given any node it fails the call, and looks again.
    resolveUri: async () => {
      try {
        return await resolveUri();
      } catch {
        return withPort(hosts[failures++ % hosts.length]!);
      }
    },
    // The client gives reads no deadline, whatever is asked of it. Here theirs is a point in time (Unix milliseconds): what comes
    // before the call, such as a look for the leader, counts.
    callArguments: (base: { readonly deadline?: number }, options?: { readonly deadline?: number }) => {
      if (options?.deadline !== Infinity || base.deadline === undefined) return callArguments(base, options);
      // that call would fail at once, as if the connection that has just been made hung
      if (base.deadline <= Date.now()) throw new TimedOut('a read found no leader in time');
      return callArguments(base, { deadline: base.deadline });
    },
    // A node that hangs is no leader: its connection is given up, and the leader looked for.
    shouldReconnect: (error: Error) => (isTooLate(error) ? [true] : shouldReconnect(error)),
    // The client calls it without waiting, so that nobody could handle what it rejects with. The call that failed tells why. Where no
    // node was found the client has forgotten the channel that the call was made on, which would try to connect for ever.
    handleError: async (from: Client, error: Error) => {
      await handleError(from, error).catch(() => undefined);
      if (isTooLate(error) || shouldReconnect(error)[0]) from.getChannel().close();
    },
  });
}

/** As the client has it, or gRPC itself. */
const isTooLate = (error: Error): boolean => (error as { code?: unknown }).code === status.DEADLINE_EXCEEDED;

const CLOSES_WITHIN = 1_000;

/** Ends what is open. A call that was given up may keep an answer that nobody reads: it is not waited for longer than a second, nor is a connection that is still looked for. */
export async function closeClient(client: EventStoreDBClient): Promise<void> {
  const { disposableStreams, getChannel } = client as unknown as Inner;
  for (const stream of disposableStreams) stream.resume?.();
  const patience = () => sleep(CLOSES_WITHIN, undefined, { ref: false });
  await Promise.race([client.dispose(), patience()]);
  const channel = await Promise.race([getChannel(), patience()]);
  channel?.close();
}

const withPort = (host: string): string => (/:\d+$/.test(host) ? host : `${host}:2113`);
