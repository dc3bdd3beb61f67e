import { MessageRefused, ProviderUnavailable, type Message, type Sender } from '@sparekey/notification/ports';
import MailComposer from 'nodemailer/lib/mail-composer';
import { meaningOf } from './answers.ts';
import { SmtpFault, SmtpSession, type SmtpServer } from './smtp-session.ts';

export interface SmtpSettings extends SmtpServer {
  /** Whom mails come from. */
  readonly from: string;
  /** The right side of Message-IDs. */
  readonly host: string;
}

/** For so long what a server said of itself is taken for true. */
const TRUST_MS = 300_000;
const ASK_MS = 5_000;
const LONGEST_REASON = 300;

/**
 * Mail through an SMTP server. SMTP knows no idempotency key: a mail whose acknowledgement was lost is sent again, with
 * the same Message-ID, so that mail systems may drop it. One at a time, over one connection that is kept.
 */
export class SmtpSender implements Sender {
  readonly channel = 'email';
  readonly lanes = 1;
  readonly #settings: SmtpSettings;
  #session: SmtpSession | undefined;
  #offersSmtpUtf8: { readonly answer: boolean; readonly at: number } | undefined;

  constructor(settings: SmtpSettings) {
    this.#settings = settings;
  }

  async send(message: Message, signal: AbortSignal): Promise<void> {
    const mail = compose(this.#settings, message);
    const content = await mail.build();
    const envelope = mail.getEnvelope() as { from: string; to: string[] };
    try {
      await this.#hand(envelope, content, signal);
    } catch (error) {
      throw translate(error, message.to);
    }
  }

  /** Whether the server takes mail for mailboxes that are not ASCII (RFC 6531); not where it cannot be asked. */
  async offersSmtpUtf8(): Promise<boolean> {
    const known = this.#offersSmtpUtf8;
    if (known && Date.now() - known.at < TRUST_MS) return known.answer;
    try {
      const session = await SmtpSession.open(this.#settings, AbortSignal.timeout(ASK_MS));
      this.#offersSmtpUtf8 = { answer: session.offersSmtpUtf8, at: Date.now() };
      session.close();
    } catch {
      return known?.answer ?? false; // sending tells why it is not reached
    }
    return this.#offersSmtpUtf8.answer;
  }

  async close(): Promise<void> {
    this.#session?.close();
  }

  async #hand(envelope: { from: string; to: string[] }, content: Buffer, signal: AbortSignal): Promise<void> {
    const session = this.#session?.isOpen ? this.#session : await this.#open(signal);
    if (!session.offersSmtpUtf8 && /[^\x00-\x7f]/.test(envelope.to.join()))
      throw new MessageRefused('the mailbox needs SMTPUTF8 (RFC 6531), which the server does not offer');
    try {
      await session.send(envelope, content, signal);
    } catch (error) {
      if (!(error instanceof SmtpFault)) throw error;
      const isRefused = error.answer !== '' && !error.answer.startsWith('421');
      if (isRefused && session.isOpen) await session.reset(signal).catch(() => this.#drop(session));
      else this.#drop(session);
      if (!error.mayRepeat) throw error;
      // the server had ended the connection since the last message, and nothing of this one has gone out
      await (await this.#open(signal)).send(envelope, content, signal);
    }
  }

  async #open(signal: AbortSignal): Promise<SmtpSession> {
    this.#session = await SmtpSession.open(this.#settings, signal);
    this.#offersSmtpUtf8 = { answer: this.#session.offersSmtpUtf8, at: Date.now() };
    return this.#session;
  }

  #drop(session: SmtpSession): void {
    session.close();
    if (this.#session === session) this.#session = undefined;
  }
}

function compose({ from, host }: SmtpSettings, { id, to, subject, text, html }: Message) {
  const headers = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' }; // RFC 3834
  const messageId = `<${id}@${host}>`;
  const recipient = { name: '', address: to };
  return new MailComposer({ from, to: recipient, subject, text, html, headers, messageId }).compile();
}

/** The server's words are kept whole, so that an operator finds the cause; the address in them is not. */
function translate(error: unknown, to: string): Error {
  if (error instanceof MessageRefused) return error;
  if (!(error instanceof SmtpFault)) return error as Error;
  const { stage, answer, message } = error;
  const reason = `SMTP at ${stage}: ${withoutAddress(message, to)}`.slice(0, LONGEST_REASON);
  switch (meaningOf(stage, answer)) {
    case 'channel':
      return new ProviderUnavailable(reason);
    case 'recipient-for-good':
      return new MessageRefused(reason);
    case 'message-later':
      return new Error(reason);
  }
}

const withoutAddress = (text: string, to: string): string =>
  text
    .replaceAll(to, '(recipient)')
    .replaceAll(/[^\s<>"'()]+@[^\s<>"'()]+/g, '(address)')
    .replaceAll(to.slice(0, to.lastIndexOf('@')), '(mailbox)')
    .replaceAll(/[\r\n]+/g, ' ');
