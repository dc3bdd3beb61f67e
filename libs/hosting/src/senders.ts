import { DevelopmentInbox } from '@sparekey/notification';
import type { Sender } from '@sparekey/notification/ports';
import { isLoopback, type Configuration } from '@sparekey/platform';
import { HttpSmsSender } from '@sparekey/sms-http';
import { SmtpSender } from '@sparekey/smtp';

export interface Senders {
  readonly senders: readonly Sender[];
  /** In the demo, where nothing else is set. */
  readonly inbox: DevelopmentInbox | undefined;
  /** What the operator should know about it. */
  readonly note: readonly string[];
  /** Whether mail reaches mailboxes that are not ASCII (RFC 6531): as the configuration says, else as the mail server does. */
  readonly acceptsSmtpUtf8: () => Promise<boolean>;
}

/** Mail and text messages go out through what the environment names; in the demo without any, into the inbox. */
export function chooseSenders(configuration: Configuration): Senders {
  const { demo, smtpUrl, smsUrl, publicUrl, mailSmtpUtf8 } = configuration;
  if (demo && smtpUrl === undefined && smsUrl === undefined) {
    const inbox = new DevelopmentInbox(() => Date.now());
    return {
      senders: inbox.senders(),
      inbox,
      note: [`mails go nowhere: they are shown at ${publicUrl}/dev/inbox`],
      acceptsSmtpUtf8: async () => mailSmtpUtf8 ?? true,
    };
  }
  const senders: Sender[] = [];
  const mail = smtpUrl === undefined ? undefined : mailSender(configuration, smtpUrl);
  if (mail) senders.push(mail);
  if (smsUrl !== undefined) senders.push(new HttpSmsSender({ url: smsUrl }));
  const note =
    smtpUrl === undefined ? ['no SPAREKEY_SMTP_URL is set: nobody is told by mail of what changes'] : [];
  const acceptsSmtpUtf8 = async () => mailSmtpUtf8 ?? (await mail?.offersSmtpUtf8()) ?? false;
  return { senders, inbox: undefined, note, acceptsSmtpUtf8 };
}

function mailSender(
  { mailFrom: from, publicUrl, allowPlaintext, smtpAuthority: authority }: Configuration,
  url: string,
): SmtpSender {
  const requireTLS = !allowPlaintext && !isLoopback(new URL(url).hostname);
  return new SmtpSender({ url, from, host: new URL(publicUrl).hostname, requireTLS, authority });
}
