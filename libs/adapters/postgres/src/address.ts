import { readFileSync } from 'node:fs';
import { isIPv4 } from 'node:net';

/** The address of a database cannot be used; the message names the variable and never shows the password. */
export class DatabaseAddressFault extends Error {
  override readonly name = 'DatabaseAddressFault';
}

export interface AddressOptions {
  /** Where the address was read from, for messages. Default `DATABASE_URL`. */
  readonly variable?: string;
  /** Accepts `sslmode=disable` for a server elsewhere than on loopback: something else protects the way there. */
  readonly allowPlaintext?: boolean;
  /** PEM of the authorities that may vouch for the server, instead of those that the system trusts. */
  readonly ca?: string;
}

/** What `pg` is told of where and how to connect. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly database: string;
  readonly ssl: false | { readonly rejectUnauthorized: true; readonly ca?: string };
}

const SSL_MODES = ['disable', 'verify-full'] as const;

/**
 * Reads `postgres://user:password@host:port/database?sslmode=…&sslrootcert=…`. Elsewhere than on loopback the connection
 * is encrypted and the server's certificate must be for this host: what libpq calls `verify-full`. Weaker modes, in which
 * anybody may answer, are refused, and so is every other parameter: none is passed over in silence.
 *
 * @throws DatabaseAddressFault
 */
export function readAddress(text: string, options: AddressOptions = {}): Address {
  const { variable = 'DATABASE_URL', allowPlaintext = false } = options;
  const fault = (message: string) => new DatabaseAddressFault(`${variable} ${message}`);
  const { url, database } = parse(text, fault);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const sslMode = readSslMode(url.searchParams.get('sslmode'), fault);
  const isPlain = sslMode === 'disable' || (sslMode === undefined && isLoopback(host));
  if (isPlain && !isLoopback(host) && !allowPlaintext)
    throw fault(`asks for a connection to ${host} in the clear, which must be allowed on purpose`);
  return {
    host,
    port: Number(url.port || 5432),
    user: decode(url.username),
    password: decode(url.password),
    database,
    ssl: !isPlain && { rejectUnauthorized: true, ...authorities(url, options, fault) },
  };
}

function parse(text: string, fault: Fault): { url: URL; database: string } {
  const url = URL.canParse(text) ? new URL(text) : undefined; // the parser's own error would show the password
  const database = url && decode(url.pathname.slice(1));
  if (!url || !/^postgres(ql)?:$/.test(url.protocol) || url.hostname === '' || !database)
    throw fault('must be of the form postgres://user:password@host:5432/database');
  for (const name of url.searchParams.keys())
    if (name !== 'sslmode' && name !== 'sslrootcert')
      throw fault(`has the parameter ${name}, which is not known here`);
  return { url, database };
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));

type Fault = (message: string) => DatabaseAddressFault;

function readSslMode(text: string | null, fault: Fault): (typeof SSL_MODES)[number] | undefined {
  if (text === null) return undefined;
  const mode = SSL_MODES.find((known) => known === text);
  if (!mode) throw fault(`has sslmode=${text}; known here are ${SSL_MODES.join(' and ')}`);
  return mode;
}

function authorities(url: URL, { ca }: AddressOptions, fault: Fault): { ca?: string } {
  const file = url.searchParams.get('sslrootcert');
  if (file === null) return ca === undefined ? {} : { ca };
  try {
    return { ca: readFileSync(file, 'utf8') };
  } catch (error) {
    throw fault(`has sslrootcert=${file}, which cannot be read: ${(error as Error).message}`);
  }
}

function decode(part: string): string | undefined {
  try {
    return part === '' ? undefined : decodeURIComponent(part);
  } catch {
    return part; // a lone % stands for itself
  }
}
