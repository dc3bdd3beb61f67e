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
}

/** Mail and text messages go out through what the environment names; in the demo without any, into the inbox. */
export function chooseSenders(configuration: Configuration): Senders {
  const { demo, smtpUrl, smsUrl, mailFrom: from, publicUrl, allowPlaintext } = configuration;
  if (demo && smtpUrl === undefined && smsUrl === undefined) {
    const inbox = new DevelopmentInbox(() => Date.now());
    return {
      senders: inbox.senders(),
      inbox,
      note: [`mails go nowhere: they are shown at ${publicUrl}/dev/inbox`],
    };
  }
  const senders: Sender[] = [];
  if (smtpUrl !== undefined) {
    const requireTLS = !allowPlaintext && !isLoopback(new URL(smtpUrl).hostname);
    senders.push(new SmtpSender({ url: smtpUrl, from, host: new URL(publicUrl).hostname, requireTLS }));
  }
  if (smsUrl !== undefined) senders.push(new HttpSmsSender({ url: smsUrl }));
  const note =
    smtpUrl === undefined ? ['no SPAREKEY_SMTP_URL is set: nobody is told by mail of what changes'] : [];
  return { senders, inbox: undefined, note };
}
