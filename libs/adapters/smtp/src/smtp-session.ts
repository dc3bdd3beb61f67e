import { once } from 'node:events';
import { Readable } from 'node:stream';
import { getCACertificates } from 'node:tls';
import SMTPConnection, { type SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection';
import type { Stage } from './answers.ts';

export interface SmtpServer {
  /** `smtp://` or `smtps://`, with the login in it where one is needed. */
  readonly url: string;
  /** Refuses to go on where the server offers no TLS. */
  readonly requireTLS: boolean;
  /** PEM of a private authority that vouches for the server, beside those that Node knows. */
  readonly authority?: string | undefined;
}

/** What went wrong in a conversation with the server. */
export class SmtpFault extends Error {
  override readonly name = 'SmtpFault';

  constructor(
    readonly stage: Stage,
    /** The server's words; empty where it said none. */
    readonly answer: string,
    /** Whether the connection had served before, and the server may have ended it meanwhile. */
    readonly mayRepeat: boolean,
    cause: Error,
  ) {
    super(cause.message, { cause });
  }
}

const PATIENCE_MS = 10_000;

/** One connection to a server, logged in where a login is needed, over which messages go one after another. */
export class SmtpSession {
  readonly #connection: SMTPConnection;
  #isOpen = true;
  #sent = 0;

  private constructor(connection: SMTPConnection) {
    this.#connection = connection;
    connection.once('end', () => (this.#isOpen = false));
  }

  /** @throws SmtpFault */
  static async open({ url, requireTLS, authority }: SmtpServer, signal: AbortSignal): Promise<SmtpSession> {
    const { protocol, hostname, port, username, password } = new URL(url);
    const secure = protocol === 'smtps:';
    const options: SMTPConnectionOptions = {
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port) || (secure ? 465 : 587),
      secure,
      requireTLS,
      connectionTimeout: PATIENCE_MS,
      greetingTimeout: PATIENCE_MS,
      ...(authority !== undefined && { tls: { ca: [...getCACertificates('default'), authority] } }),
    };
    const connection = new SMTPConnection(options);
    connection.on('error', () => undefined); // each step below is told of it
    const session = new SmtpSession(connection);
    await session.#step('CONN', signal, (done) => connection.connect(done));
    const credentials = { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
    if (username !== '')
      await session.#step('AUTH', signal, (done) => connection.login({ credentials }, done));
    return session;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Whether the server takes mail for mailboxes that are not ASCII (RFC 6531), as it said in answer to EHLO. */
  get offersSmtpUtf8(): boolean {
    const { _supportedExtensions: extensions } = this.#connection as unknown as {
      _supportedExtensions: string[];
    };
    return extensions.includes('SMTPUTF8');
  }

  /** @throws SmtpFault */
  async send(envelope: { from: string; to: string[] }, message: Buffer, signal: AbortSignal): Promise<void> {
    const content = Readable.from([message]);
    const mayRepeat = () => this.#sent > 0 && !content.readableDidRead;
    await this.#step('RCPT', signal, (done) => this.#connection.send(envelope, content, done), mayRepeat);
    this.#sent++;
  }

  /** Makes the connection ready for the next message after one was refused. */
  async reset(signal: AbortSignal): Promise<void> {
    await this.#step('MAIL', signal, (done) => this.#connection.reset(done));
  }

  close(): void {
    this.#connection.close();
  }

  #step(
    stage: Stage,
    signal: AbortSignal,
    begin: (done: (error?: Error | null) => void) => void,
    mayRepeat = () => false,
  ): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const settled = new AbortController();
    const fail = (error: unknown) => reject(faultOf(stage, error as SmtpError, mayRepeat()));
    const giveUp = () => fail(new Error('given up: no answer in time'));
    signal.addEventListener('abort', giveUp, { once: true, signal: settled.signal });
    once(this.#connection, 'error', { signal: settled.signal }).then(
      ([error]) => fail(error),
      () => undefined, // settled
    );
    if (signal.aborted) giveUp();
    else begin((error) => (error ? fail(error) : resolve()));
    return promise.finally(() => settled.abort());
  }
}

interface SmtpError extends Error {
  readonly command?: string;
  readonly response?: string;
}

/** How Nodemailer calls where it was, more closely than the step that failed. */
const STAGES: Readonly<Record<string, Stage>> = {
  'MAIL FROM': 'MAIL',
  'RCPT TO': 'RCPT',
  DATA: 'MESSAGE',
  STARTTLS: 'STARTTLS',
};

function faultOf(step: Stage, error: SmtpError, mayRepeat: boolean): SmtpFault {
  const named = STAGES[error.command ?? ''];
  const stage = step === 'RCPT' || named === 'STARTTLS' ? (named ?? step) : step;
  return new SmtpFault(stage, error.response ?? '', mayRepeat && error.response === undefined, error);
}
