import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { isName, readMailAddress, type ForwardedHeader } from '@sparekey/canonical';
import {
  KeyListFault,
  readMasterKeys,
  readPeppers,
  type KeyVersions,
  type MasterKeys,
} from '@sparekey/vault';
import { misspeltOf } from './misspelt.ts';

export interface Configuration {
  readonly port: number;
  readonly host: string;
  /** Scheme and authority, no path, no slash at the end. Links, issuer and RP ID come from it, never from `Host`. */
  readonly publicUrl: string;
  /** Where Sparekey's own rooms reach its HTTP API; where absent, where this process listens. */
  readonly internalUrl: string | undefined;
  readonly dataDirectory: string;
  readonly demo: boolean;
  readonly operatorToken: string | undefined;
  /** All that is needed to recognise it: its SHA-256, in hexadecimal. */
  readonly operatorTokenDigest: string | undefined;
  /** Reads metrics, and does nothing else. */
  readonly metricsToken: string | undefined;
  readonly masterKeys: MasterKeys | undefined;
  readonly peppers: KeyVersions | undefined;
  /** Addresses whose forwarded headers are believed. */
  readonly trustedProxies: readonly string[];
  /** Which of those headers the proxies write. */
  readonly forwardedHeader: ForwardedHeader;
  /** Private networks in which identity providers may stand: addresses and ranges. */
  readonly providerNetworks: readonly string[];
  /** `smtp:` or `smtps:`; a login may stand in it. */
  readonly smtpUrl: string | undefined;
  /** Whom mails come from. */
  readonly mailFrom: string;
  /** Whether the mail server takes mailboxes that are not ASCII (RFC 6531); where absent, it is asked. */
  readonly mailSmtpUtf8: boolean | undefined;
  /** PEM of a private authority that vouches for the mail server, beside those that Node knows. */
  readonly smtpAuthority: string | undefined;
  /** What the FIDO Alliance publishes of authenticators: the text of the file. */
  readonly fidoMetadata: string | undefined;
  /** Where text messages are posted to; a login may stand in it. */
  readonly smsUrl: string | undefined;
  /** Servers elsewhere may be spoken to without TLS. */
  readonly allowPlaintext: boolean;
  readonly logLevel: LogLevel;
  /** Variables that look like Sparekey's and are none, each with the one that may be meant. */
  readonly misspelt: readonly string[];
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Everything that is wrong with the environment, each fault with its variable and its mend. */
export class ConfigurationFault extends Error {
  override readonly name = 'ConfigurationFault';

  constructor(readonly faults: readonly string[]) {
    super(faults.join('\n'));
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

const LOOPBACK = new Set(['localhost', '127.0.0.1', '::1', '[::1]']);
export const isLoopback = (host: string): boolean => LOOPBACK.has(host) || /^127(\.\d{1,3}){3}$/.test(host);

/** @throws ConfigurationFault naming every fault at once */
export function readConfiguration(environment: Environment): Configuration {
  const reader = new EnvironmentReader(environment);
  const port = reader.parse('PORT', '4000', (text) => {
    if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
      throw new Error('must be a port number from 0 to 65535');
    return Number(text);
  });
  const host = reader.parse('HOST', '127.0.0.1', (text) => text);
  const publicUrl = reader.parse(
    'SPAREKEY_PUBLIC_URL',
    new URL(`http://localhost:${port ?? 4000}`).origin,
    (text) => readOrigin(text),
  );
  const local =
    host !== undefined &&
    publicUrl !== undefined &&
    isLoopback(host) &&
    isLoopback(new URL(publicUrl).hostname);
  const demo = reader.parse('SPAREKEY_DEMO', String(local), readFlag);
  if (demo && !local) {
    reader.fault(
      'SPAREKEY_DEMO',
      'must not be true unless HOST and SPAREKEY_PUBLIC_URL are loopback addresses',
    );
  }
  const allowPlaintext = reader.parse('SPAREKEY_ALLOW_PLAINTEXT', 'false', readFlag);
  const configuration = {
    port,
    host,
    publicUrl,
    demo,
    internalUrl: reader.parse('SPAREKEY_INTERNAL_URL', '', (text) =>
      text === '' ? undefined : readOrigin(text, allowPlaintext),
    ),
    dataDirectory: reader.parse('SPAREKEY_DATA_DIR', '.sparekey', (text) => text),
    operatorToken: reader.parseSecret('SPAREKEY_OPERATOR_TOKEN', readToken),
    operatorTokenDigest: reader.parseSecret('SPAREKEY_OPERATOR_TOKEN_DIGEST', readDigest),
    metricsToken: reader.parseSecret('SPAREKEY_METRICS_TOKEN', readToken),
    masterKeys: reader.parseSecret('SPAREKEY_MASTER_KEYS', readMasterKeys),
    peppers: reader.parseSecret('SPAREKEY_PEPPERS', readPeppers),
    trustedProxies: reader.parse('SPAREKEY_TRUSTED_PROXIES', '', readAddresses),
    forwardedHeader: reader.parse('SPAREKEY_FORWARDED_HEADER', 'either', readForwardedHeader),
    providerNetworks: reader.parse('SPAREKEY_PROVIDER_NETWORKS', '', readAddresses),
    smtpUrl: reader.parseSecret('SPAREKEY_SMTP_URL', readServer('smtp:', 'smtps:')),
    smsUrl: reader.parseSecret('SPAREKEY_SMS_URL', readServer('http:', 'https:')),
    mailFrom: reader.parse(
      'SPAREKEY_MAIL_FROM',
      `Sparekey <sparekey@${new URL(publicUrl ?? 'http://localhost').hostname}>`,
      readMailbox,
    ),
    mailSmtpUtf8: reader.parse('SPAREKEY_MAIL_SMTPUTF8', '', (text) =>
      text === '' ? undefined : readFlag(text),
    ),
    smtpAuthority: reader.parse('SPAREKEY_SMTP_CA_FILE', '', (text) =>
      text === '' ? undefined : readAuthority(text),
    ),
    fidoMetadata: reader.parse('SPAREKEY_FIDO_METADATA_FILE', '', (text) =>
      text === '' ? undefined : readFileSync(text, 'utf8'),
    ),
    allowPlaintext,
    logLevel: reader.parse('LOG_LEVEL', 'info', readLogLevel),
    misspelt: misspeltOf(environment),
  };
  const { smsUrl, operatorToken, operatorTokenDigest } = configuration;
  if (operatorToken !== undefined && operatorTokenDigest !== undefined)
    reader.fault('SPAREKEY_OPERATOR_TOKEN', 'set it or SPAREKEY_OPERATOR_TOKEN_DIGEST, not both');
  const sms = smsUrl === undefined ? undefined : new URL(smsUrl);
  if (sms?.protocol === 'http:' && !isLoopback(sms.hostname) && !allowPlaintext)
    reader.fault('SPAREKEY_SMS_URL', 'must be https, or set SPAREKEY_ALLOW_PLAINTEXT=true');
  if (reader.faults.length > 0) throw new ConfigurationFault(reader.faults);
  return configuration as Configuration;
}

/** Reads the environment and gathers everything that is wrong with it. */
export class EnvironmentReader {
  readonly faults: string[] = [];

  constructor(private readonly environment: Environment) {}

  fault(name: string, mend: string): void {
    this.faults.push(`${name}: ${mend}`);
  }

  parse<T>(name: string, standard: string, read: (text: string) => T): T | undefined {
    const text = this.environment[name];
    try {
      return read(text === undefined || text === '' ? standard : text);
    } catch (error) {
      this.fault(name, `${(error as Error).message}; it is ${JSON.stringify(text ?? standard)}`);
      return undefined;
    }
  }

  /** `NAME`, or the content of the file that `NAME_FILE` names. The value never stands in a fault. */
  parseSecret<T>(name: string, read: (text: string) => T): T | undefined {
    const [text, file] = [this.environment[name], this.environment[`${name}_FILE`]];
    if (text && file) this.fault(name, `set it or ${name}_FILE, not both`);
    if (!text && !file) return undefined;
    try {
      return read(text || readFileSync(file!, 'utf8'));
    } catch (error) {
      const known =
        error instanceof KeyListFault || error instanceof SecretFault || 'code' in (error as object);
      this.fault(text ? name : `${name}_FILE`, known ? (error as Error).message : 'cannot be read');
      return undefined;
    }
  }
}

/** What is wrong with a secret: the message never repeats it. */
export class SecretFault extends Error {}

/** Plain http only on this machine, or between services where the operator says so. */
export function readOrigin(text: string, allowPlaintext = false): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || url.origin !== text || !/^https?:$/.test(url.protocol)) {
    throw new Error('must be a scheme and an authority with no path, such as https://sparekey.example.org');
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname) && !allowPlaintext)
    throw new Error('must be https unless it is a loopback address');
  return text;
}

const UNENCODED =
  'cannot be read as an address: in a login every character but letters, digits and . _ ~ - stands as %XX, such as %40 for @, %25 for %, %23 for #, %2F for /';

/** Whether every percent sign begins an escape, and the escapes are UTF-8. */
function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** A login may stand in it, so that a fault never repeats it. */
const readServer =
  (...protocols: readonly string[]) =>
  (text: string): string => {
    const given = text.trim();
    const begins = protocols.map((protocol) => `${protocol}//`);
    if (!begins.some((beginning) => given.toLowerCase().startsWith(beginning)))
      throw new SecretFault(`must be an address that begins with ${begins.join(' or ')}`);
    const url = URL.canParse(given) ? new URL(given) : undefined;
    if (!url || url.hostname === '' || url.hash !== '' || !isEncoded(url.username + url.password))
      throw new SecretFault(UNENCODED);
    const isMail = url.protocol === 'smtp:' || url.protocol === 'smtps:';
    if (isMail && (!/^\/?$/.test(url.pathname) || url.search !== '')) throw new SecretFault(UNENCODED);
    return given;
  };

/** `ada@example.org` or `Name <ada@example.org>` (RFC 5322 section 3.4), on a host without a dot too. */
function readMailbox(text: string): string {
  const [, name = '', bracketed, bare] = /^(?:([^\r\n<>]*)<([^<>]*)>|([^<>\s]*))$/.exec(text.trim()) ?? [];
  const address = bracketed ?? bare ?? '';
  const host = address.slice(address.lastIndexOf('@') + 1);
  const isPlain = /^[\x21-\x7e]+@(localhost|[a-z0-9-]+)$/i.test(address) && host !== '';
  const isMailbox = isPlain || readMailAddress(address) !== undefined;
  if (!isMailbox || (name.trim() !== '' && !isName(name.trim().replaceAll('"', ''))))
    throw new Error('must be an address such as Sparekey <sparekey@example.org>');
  return text.trim();
}

function readAuthority(path: string): string {
  const pem = readFileSync(path, 'utf8');
  try {
    void new X509Certificate(pem);
    return pem;
  } catch {
    throw new Error('must be a file with certificates in PEM');
  }
}

export function readFlag(text: string): boolean {
  if (text !== 'true' && text !== 'false') throw new Error('must be true or false');
  return text === 'true';
}

function readToken(text: string): string {
  const token = text.trim();
  // 128 bits are 22 characters of base64url, 32 of hex
  if (!/^[\x21-\x7e]{22,512}$/.test(token)) {
    throw new SecretFault('must have at least 128 random bits: 22 printable characters or more, no spaces');
  }
  return token;
}

function readDigest(text: string): string {
  const digest = text.trim().split(' ', 1)[0]!.toLowerCase(); // as `sha256sum` prints it, a name behind it
  if (!/^[0-9a-f]{64}$/.test(digest))
    throw new SecretFault('must be the SHA-256 of the token in hexadecimal, as sha256sum prints it');
  return digest;
}

function readAddresses(text: string): string[] {
  const addresses = text.split(/[\s,]+/).filter(Boolean);
  for (const address of addresses) {
    const [ip = '', bits = '0', ...more] = address.split('/');
    const most = isIP(ip) === 4 ? 32 : 128;
    if (!isIP(ip) || !/^\d{1,3}$/.test(bits) || Number(bits) > most || more.length > 0) {
      throw new Error('must be a list of addresses or ranges');
    }
  }
  return addresses;
}

const FORWARDED_HEADERS: readonly ForwardedHeader[] = ['either', 'x-forwarded-for', 'forwarded'];

function readForwardedHeader(text: string): ForwardedHeader {
  const found = FORWARDED_HEADERS.find((one) => one === text.toLowerCase());
  if (!found) throw new Error(`must be one of ${FORWARDED_HEADERS.join(', ')}`);
  return found;
}

function readLogLevel(text: string): LogLevel {
  if (!(LOG_LEVELS as readonly string[]).includes(text))
    throw new Error(`must be one of ${LOG_LEVELS.join(', ')}`);
  return text as LogLevel;
}
