import { EventStoreDBClient } from '@eventstore/db-client';

/** The address cannot be used; the message says what to mend and never repeats what may hold a password. */
export class EventStoreDbFault extends Error {
  override readonly name = 'EventStoreDbFault';
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/;

/**
 * A client of EventStoreDB.
 *
 * @param url `esdb://` or `esdb+discover://`, with a login where one is needed
 * @throws EventStoreDbFault where it is no such address, or where what is said to a server elsewhere could be read on the way
 */
export function connectEventStoreDb(url: string, allowPlaintext: boolean): EventStoreDBClient {
  const [, hosts = '', query = ''] =
    /^esdb(?:\+discover)?:\/\/(?:[^@/]*@)?([^/?]+)\/?(?:\?(.*))?$/.exec(url) ?? [];
  if (hosts === '')
    throw new EventStoreDbFault('must be an address that begins with esdb:// or esdb+discover://');
  const option = (name: string) => new RegExp(`(?:^|&)${name}=([^&]*)`, 'i').exec(query)?.[1]?.toLowerCase();
  const isLocal = hosts.split(',').every((host) => LOOPBACK.test(host));
  if (option('tls') === 'false' && !isLocal && !allowPlaintext)
    throw new EventStoreDbFault('must not say tls=false, or set SPAREKEY_ALLOW_PLAINTEXT=true');
  // the client only warns, and goes on as if it had not been said
  if (option('tlsVerifyCert') === 'false')
    throw new EventStoreDbFault('must not say tlsVerifyCert=false: name the authority with tlsCAFile=');
  const client = connect(url);
  // Appends go one by one: in the client's batches the error of one stream ends the appends of all others, and a late
  // answer throws where nobody can catch it (kurrent-io/KurrentDB-Client-NodeJS, pull request 523).
  return Object.assign(client, { supports: async () => false });
}

function connect(url: string): EventStoreDBClient {
  try {
    return EventStoreDBClient.connectionString(url);
  } catch {
    throw new EventStoreDbFault('is no address that the client of EventStoreDB understands');
  }
}
