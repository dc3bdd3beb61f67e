import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Mood, Taken } from '@sparekey/notification/testing';
import { SMTPServer } from 'smtp-server';

/** How long a slow provider takes (milliseconds). */
const SLOW_MS = 2_000;

/** A provider of a test: a real server on loopback that keeps what it takes. */
abstract class Provider {
  readonly taken: Taken[] = [];
  protected current: Mood = 'takes';
  /** Decides for each message by itself, where it is given. */
  moodFor: ((taken: Taken) => Mood) | undefined;
  protected port = 0;

  mood(mood: Mood): void {
    this.current = mood;
  }

  abstract start(): Promise<void>;
  abstract stop(): Promise<void>;

  async restart(): Promise<void> {
    await this.start();
  }

  protected moodOf(message: Taken): Mood {
    return this.moodFor?.(message) ?? this.current;
  }
}

/** A mail server that speaks SMTP. */
export class MailServer extends Provider {
  #server: SMTPServer | undefined;
  /** What it answers at RCPT, where that is not what its mood says; `hang-up` is no answer. */
  answerTo: ((to: string) => { code: number; text: string } | 'hang-up' | undefined) | undefined;
  /** RFC 6531. */
  offersSmtpUtf8 = true;

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      closeTimeout: 50,
      hideSMTPUTF8: !this.offersSmtpUtf8,
      onRcptTo: ({ address }, session, done) => {
        const answer = this.answerTo?.(address);
        if (answer === 'hang-up') return void this.#hangUp(session.id);
        if (answer) return done(smtpError(answer.code, answer.text));
        const mood = this.moodOf({ id: '', to: address, text: '' });
        if (mood === 'refuses') done(smtpError(550, `no such mailbox: ${address}`));
        else if (mood === 'not-now') done(smtpError(451, `try again later: ${address}`));
        else done();
      },
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const [to] = session.envelope.rcptTo.map(({ address }) => address);
          const message = readMail(Buffer.concat(chunks).toString('utf8'), to!);
          const mood = this.moodOf(message);
          if (mood === 'slow') return void setTimeout(() => (this.taken.push(message), done()), SLOW_MS);
          this.taken.push(message);
          if (mood === 'takes-and-hangs-up') done(smtpError(451, 'taken, and said otherwise'));
          else done();
        });
      },
    });
    server.on('error', () => undefined); // clients that are killed
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', () => resolve()));
    this.port = (server.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.#server!.close(() => resolve()));
  }

  #hangUp(id: string): void {
    for (const connection of this.#server!.connections as Set<{ id: string; _socket: { destroy(): void } }>)
      if (connection.id === id) connection._socket.destroy();
  }
}

const smtpError = (responseCode: number, text: string) => Object.assign(new Error(text), { responseCode });

/** The id and the plain text of a mail. */
function readMail(raw: string, to: string): Taken {
  const [, id = ''] = /^Message-ID: <(\w+)@/im.exec(raw) ?? [];
  const boundary = /boundary="([^"]+)"/.exec(raw)?.[1];
  const part = raw.split(`--${boundary}`).find((one) => /^\s*Content-Type: text\/plain/im.test(one)) ?? raw;
  const [head = '', ...rest] = part.trimStart().split('\r\n\r\n');
  const body = rest.join('\r\n\r\n');
  const encoding = /Content-Transfer-Encoding: (\S+)/i.exec(head)?.[1];
  const bytes =
    encoding === 'base64'
      ? Buffer.from(body, 'base64')
      : encoding === 'quoted-printable'
        ? Buffer.from(
            body
              .replaceAll(/=\r\n/g, '')
              .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) =>
                String.fromCharCode(Number.parseInt(hex, 16)),
              ),
            'latin1',
          )
        : Buffer.from(body, 'utf8');
  return { id, to, text: bytes.toString('utf8').replaceAll('\r\n', '\n').trimEnd() };
}

/** An HTTP provider of text messages, as docs/sms-provider.md describes it: one message for one key. */
export class SmsProvider extends Provider {
  #server: Server | undefined;
  /** Requests, repeated ones too. */
  requests = 0;

  get url(): string {
    return `http://127.0.0.1:${this.port}/messages`;
  }

  async start(): Promise<void> {
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#server.listen(this.port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.port = (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.#server!.closeAllConnections();
    await new Promise((resolve) => this.#server!.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests++;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { to, text } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { to: string; text: string };
    const message = { id: String(request.headers['idempotency-key']), to, text: text.trimEnd() };
    const mood = this.moodOf(message);
    if (mood === 'refuses') return void response.writeHead(422).end(`not a number: ${to}`);
    if (mood === 'not-now') return void response.writeHead(429).end(`later: ${to}`);
    if (mood === 'slow') await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
    if (!this.taken.some(({ id }) => id === message.id)) this.taken.push(message);
    if (mood === 'takes-and-hangs-up') return void request.socket.destroy();
    response.writeHead(202).end();
  }
}
