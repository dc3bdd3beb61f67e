import { createTransport, type Transporter } from 'nodemailer';
import { MessageRefused, ProviderUnavailable, type Message, type Sender } from '@sparekey/notification/ports';

export interface SmtpSettings {
  /** `smtp://` or `smtps://`, with the login in it where one is needed. */
  readonly url: string;
  /** Whom mails come from. */
  readonly from: string;
  /** The right side of Message-IDs. */
  readonly host: string;
  /** Refuses to go on where the server offers no TLS. */
  readonly requireTLS: boolean;
}

/** What Nodemailer calls a failure to reach the server or to log in, before any message was looked at. */
const UNREACHED = new Set(['ECONNECTION', 'EDNS', 'ETLS', 'EAUTH', 'ENOAUTH', 'EPROXY', 'EREQUIRETLS']);
const CONNECT_MS = 10_000;

/**
 * Mail through an SMTP server. SMTP knows no idempotency key: a mail whose acknowledgement was lost is sent again, with
 * the same Message-ID, so that mail systems may drop it. One at a time, over one connection that is kept.
 */
export class SmtpSender implements Sender {
  readonly channel = 'email';
  readonly lanes = 1;
  readonly #transport: Transporter;
  readonly #settings: SmtpSettings;

  constructor(settings: SmtpSettings) {
    this.#settings = settings;
    this.#transport = createTransport({
      url: settings.url,
      pool: true,
      maxConnections: 1,
      requireTLS: settings.requireTLS,
      connectionTimeout: CONNECT_MS,
      greetingTimeout: CONNECT_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    } as object);
  }

  async send({ id, to, subject, text, html }: Message, signal: AbortSignal): Promise<void> {
    const { from, host } = this.#settings;
    const headers = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' }; // RFC 3834
    const mail = { from, to: { name: '', address: to }, subject, text, html, headers };
    try {
      await this.#transport.sendMail({ ...mail, messageId: `<${id}@${host}>`, signal });
    } catch (error) {
      throw translate(error as SmtpError);
    }
  }

  async close(): Promise<void> {
    this.#transport.close();
  }
}

interface SmtpError extends Error {
  readonly code?: string;
  readonly command?: string;
  readonly responseCode?: number;
}

/** RFC 5321 §4.2.1: 5yz is for good, 4yz for now. Addresses stand in a server's text, so it is not repeated. */
function translate(error: SmtpError): Error {
  const { code = 'ESMTP', command = '', responseCode } = error;
  const what = `SMTP ${[code, command, responseCode].filter(Boolean).join(' ')}`;
  const beforeMail = command === 'CONN' || command === '' || command.startsWith('AUTH') || command === 'EHLO';
  if (UNREACHED.has(code) || (code === 'ESOCKET' && beforeMail) || (code === 'ETIMEDOUT' && beforeMail))
    return new ProviderUnavailable(what);
  if (responseCode === 421) return new ProviderUnavailable(what);
  if (responseCode !== undefined && responseCode >= 500) return new MessageRefused(what);
  return new Error(what);
}
