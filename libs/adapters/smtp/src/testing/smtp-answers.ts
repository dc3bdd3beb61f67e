/**
 * What mail servers answer, and what it means for what waits. Lines of one answer are joined by CR LF. A 4yz about one
 * recipient delays that message alone, whatever its words: should it be everybody's, each is delayed and none is lost.
 */
export const SMTP_ANSWERS: {
  command: 'CONN' | 'EHLO' | 'STARTTLS' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'MESSAGE';
  answer: string;
  meaning: 'recipient-for-good' | 'message-later' | 'channel';
  source: string;
}[] = [
  {
    command: 'RCPT',
    answer:
      "550-5.1.1 The email account that you tried to reach does not exist. Please try\r\n550-5.1.1 double-checking the recipient's email address for typos or\r\n550-5.1.1 unnecessary spaces. For more information, go to\r\n550 5.1.1  https://support.google.com/mail/?p=NoSuchUser a1-20020a - gsmtp",
    meaning: 'recipient-for-good',
    source: 'Gmail, no such user, several lines',
  },
  {
    command: 'RCPT',
    answer: '550 5.2.1 The email account that you tried to reach is disabled. - gsmtp',
    meaning: 'recipient-for-good',
    source: 'Gmail, mailbox disabled by its provider',
  },
  {
    command: 'RCPT',
    answer: '550 5.2.1 The email account that you tried to reach is inactive. - gsmtp',
    meaning: 'recipient-for-good',
    source: 'Gmail, mailbox inactive for good',
  },
  {
    command: 'RCPT',
    answer:
      "553 5.1.2 We weren't able to find the recipient domain. Please check for any spelling errors. - gsmtp",
    meaning: 'recipient-for-good',
    source: 'Gmail, recipient domain not found',
  },
  {
    command: 'RCPT',
    answer: '553 5.1.3 The recipient address <anna@example..com> is not a valid RFC 5321 address. - gsmtp',
    meaning: 'recipient-for-good',
    source: 'Gmail, recipient address syntax',
  },
  {
    command: 'RCPT',
    answer:
      '450 4.2.1 The user you are trying to contact is receiving mail too quickly. Please resend your message at a later time. - gsmtp',
    meaning: 'message-later',
    source: 'Gmail, rate of one mailbox',
  },
  {
    command: 'RCPT',
    answer:
      '450-4.2.1 The user you are trying to contact is receiving mail at a rate that\r\n450-4.2.1 prevents additional messages from being delivered. Please resend your\r\n450 4.2.1 message at a later time. - gsmtp',
    meaning: 'message-later',
    source: 'Gmail, rate of one mailbox, several lines',
  },
  {
    command: 'RCPT',
    answer:
      "452 4.2.2 The recipient's inbox is out of storage space. Please direct the recipient to https://support.google.com/mail/?p=OverQuotaTemp - gsmtp",
    meaning: 'message-later',
    source: 'Gmail, mailbox full can pass',
  },
  {
    command: 'RCPT',
    answer:
      "552 5.2.2 The recipient's inbox is out of storage space and inactive. Please direct the recipient to https://support.google.com/mail/?p=OverQuotaPerm - gsmtp",
    meaning: 'message-later',
    source: 'Gmail, full mailbox can be emptied',
  },
  {
    command: 'CONN',
    answer: '421 4.4.5 Server busy, try again later. - gsmtp',
    meaning: 'channel',
    source: 'Gmail busy before any command',
  },
  {
    command: 'CONN',
    answer:
      '421 4.7.0 Our system has detected an unusual rate of unsolicited mail originating from your IP address. - gsmtp',
    meaning: 'channel',
    source: 'Gmail blocks our sending address',
  },
  {
    command: 'EHLO',
    answer: '421 4.7.0 Try again later, closing connection. (EHLO) a1-20020a - gsmtp',
    meaning: 'channel',
    source: 'Gmail relay refuses our EHLO name',
  },
  {
    command: 'STARTTLS',
    answer:
      '454 4.5.0 SMTP protocol violation, no commands allowed to pipeline after STARTTLS, see RFC 3207. - gsmtp',
    meaning: 'channel',
    source: 'RFC 3207 section 4, our protocol fault',
  },
  {
    command: 'AUTH',
    answer: '454 4.7.0 Cannot authenticate due to temporary system problem. Try again later. - gsmtp',
    meaning: 'channel',
    source: 'RFC 4954 section 6 temporary login failure',
  },
  {
    command: 'AUTH',
    answer: '454 4.7.0 Too many login attempts, please try again later. - gsmtp',
    meaning: 'channel',
    source: 'Gmail throttles our login',
  },
  {
    command: 'AUTH',
    answer:
      '534-5.7.9 Application-specific password required. For more information, go to\r\n534 5.7.9  https://support.google.com/mail/?p=InvalidSecondFactor a1-20020a - gsmtp',
    meaning: 'channel',
    source: 'Gmail wants an app password',
  },
  {
    command: 'AUTH',
    answer: '534 5.7.14 Please log in with your web browser and then try again. - gsmtp',
    meaning: 'channel',
    source: 'Gmail wants a browser login first',
  },
  {
    command: 'AUTH',
    answer:
      '535-5.7.8 Username and Password not accepted. For more information, go to\r\n535 5.7.8  https://support.google.com/mail/?p=BadCredentials a1-20020a - gsmtp',
    meaning: 'channel',
    source: 'RFC 4954 section 6 credentials invalid',
  },
  {
    command: 'MAIL',
    answer:
      '530 5.7.0 Authentication Required. For more information, go to https://support.google.com/mail/?p=WantAuthError - gsmtp',
    meaning: 'channel',
    source: 'RFC 4954 section 6 login needed',
  },
  {
    command: 'MAIL',
    answer: '530 5.7.0 Must issue a STARTTLS command first. - gsmtp',
    meaning: 'channel',
    source: 'RFC 3207 section 4 STARTTLS needed',
  },
  {
    command: 'MAIL',
    answer: '503 5.5.1 EHLO/HELO first. - gsmtp',
    meaning: 'channel',
    source: 'RFC 5321 section 4.2.4 sequence fault',
  },
  {
    command: 'MAIL',
    answer:
      '550 5.4.5 Daily user sending limit exceeded. For more information on Gmail sending limits go to https://support.google.com/a/answer/166852 - gsmtp',
    meaning: 'channel',
    source: 'Gmail, our daily sending quota',
  },
  {
    command: 'MAIL',
    answer:
      '550 5.7.0 Mail relay denied. For more information, go to https://support.google.com/a/answer/6140680#maildenied - gsmtp',
    meaning: 'channel',
    source: 'Google relay does not know our address',
  },
  {
    command: 'RCPT',
    answer:
      '550-5.7.1 Invalid credentials for relay [203.0.113.7]. The IP address you have\r\n550-5.7.1 registered in your Workspace SMTP Relay service does not match the\r\n550 5.7.1 domain of the account this email is being sent from. - gsmtp',
    meaning: 'channel',
    source: 'Google relay, our registration is wrong',
  },
  {
    command: 'DATA',
    answer: '421 4.3.0 Temporary System Problem. Try again later. - gsmtp',
    meaning: 'message-later',
    source: 'RFC 3463 section 3.4 system trouble',
  },
  {
    command: 'MESSAGE',
    answer: '451 4.3.0 Mail server temporarily rejected message. - gsmtp',
    meaning: 'message-later',
    source: 'RFC 3463 section 3.4 system trouble',
  },
  {
    command: 'MESSAGE',
    answer: '451 4.4.2 Timeout - closing connection. - gsmtp',
    meaning: 'message-later',
    source: 'RFC 3463 section 3.5 bad connection',
  },
  {
    command: 'MESSAGE',
    answer:
      '550-5.7.26 This mail has been blocked because the sender is unauthenticated.\r\n550-5.7.26 Gmail requires all senders to authenticate with either SPF or DKIM.\r\n550 5.7.26 https://support.google.com/mail/answer/81126#authentication - gsmtp',
    meaning: 'channel',
    source: 'our SPF and DKIM are missing',
  },
  {
    command: 'MESSAGE',
    answer:
      "550 5.7.26 Unauthenticated email from example.com is not accepted due to domain's DMARC policy. - gsmtp",
    meaning: 'channel',
    source: 'our DMARC policy refuses us',
  },
  {
    command: 'MESSAGE',
    answer:
      '421 4.7.28 Gmail has detected an unusual rate of unsolicited mail originating from your IP address. - gsmtp',
    meaning: 'message-later',
    source: 'reputation of our sending address',
  },
  {
    command: 'MESSAGE',
    answer:
      '550 5.7.1 Our system has detected that this message is likely unsolicited mail. To reduce the amount of spam sent to Gmail, this message has been blocked. - gsmtp',
    meaning: 'channel',
    source: 'reputation, hits every mail of ours',
  },
  {
    command: 'MESSAGE',
    answer:
      '552 5.7.0 This message was blocked because its content presents a potential security issue. - gsmtp',
    meaning: 'channel',
    source: 'content rule, all mails look alike',
  },
  {
    command: 'MESSAGE',
    answer: '550 5.6.0 Mail message is malformed. Not accepted. - gsmtp',
    meaning: 'channel',
    source: 'RFC 3463 section 3.7, our own format',
  },
  {
    command: 'DATA',
    answer: '555 5.5.2 Syntax error, goodbye. - gsmtp',
    meaning: 'channel',
    source: 'RFC 3463 section 3.6 protocol fault',
  },
  {
    command: 'RCPT',
    answer:
      '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient anna@example.com not found by SMTP address lookup',
    meaning: 'recipient-for-good',
    source: 'Microsoft 365, recipient not found',
  },
  {
    command: 'RCPT',
    answer: '550 5.1.1 RESOLVER.ADR.RecipNotFound; not found',
    meaning: 'recipient-for-good',
    source: 'Exchange Server, recipient not found',
  },
  {
    command: 'MESSAGE',
    answer:
      '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup [AM6PR0732BE0065.eurprd07.prod.outlook.com]',
    meaning: 'recipient-for-good',
    source: 'same verdict said after the message',
  },
  {
    command: 'MESSAGE',
    answer:
      '554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException; Failed to process message due to a permanent exception',
    meaning: 'message-later',
    source: 'Exchange, full mailbox can be emptied',
  },
  {
    command: 'AUTH',
    answer: '535 5.7.3 Authentication unsuccessful [AM6PR0732BE0065.eurprd07.prod.outlook.com]',
    meaning: 'channel',
    source: 'Microsoft 365, login refused',
  },
  {
    command: 'AUTH',
    answer:
      '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled for more information.',
    meaning: 'channel',
    source: 'Microsoft 365, login switched off',
  },
  {
    command: 'AUTH',
    answer: '535 5.7.139 Authentication unsuccessful, basic authentication is disabled.',
    meaning: 'channel',
    source: 'Microsoft 365, basic authentication switched off',
  },
  {
    command: 'AUTH',
    answer: '504 5.7.4 Unrecognized authentication type',
    meaning: 'channel',
    source: 'Exchange offers no such mechanism',
  },
  {
    command: 'MAIL',
    answer: '530 5.7.57 Client not authenticated to send mail. [AM6PR0732BE0065.eurprd07.prod.outlook.com]',
    meaning: 'channel',
    source: 'Microsoft 365, login needed',
  },
  {
    command: 'CONN',
    answer:
      '421 4.3.2 The maximum number of concurrent connections has exceeded a limit, closing transmission channel',
    meaning: 'channel',
    source: 'Exchange, too many connections',
  },
  {
    command: 'CONN',
    answer: '421 4.3.2 Service not active',
    meaning: 'channel',
    source: 'Exchange component is in maintenance',
  },
  {
    command: 'MAIL',
    answer: '452 4.3.1 Insufficient system resources',
    meaning: 'channel',
    source: 'Exchange back pressure, disk full',
  },
  {
    command: 'MAIL',
    answer:
      '451 4.7.500 Server busy. Please try again later from [203.0.113.7]. (S77719) [VE1EUR01FT042.eop-EUR01.prod.protection.outlook.com]',
    meaning: 'channel',
    source: 'Microsoft 365 throttles our address',
  },
  {
    command: 'MESSAGE',
    answer:
      '432 4.3.2 Concurrent connections limit exceeded. Visit https://aka.ms/concurrent_sending for more information. [Hostname=VI1PR0101MB2656.eurprd01.prod.exchangelabs.com]',
    meaning: 'message-later',
    source: 'Microsoft 365, limit of our login',
  },
  {
    command: 'MESSAGE',
    answer:
      '554 5.2.252 SendAsDenied; smtp@example.com not allowed to send as no-reply@example.com; STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied',
    meaning: 'channel',
    source: 'Microsoft 365, our sender despite 5.2',
  },
  {
    command: 'MESSAGE',
    answer:
      '554 5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied; Failed to process message due to a permanent exception',
    meaning: 'channel',
    source: 'older Exchange wording, our sender',
  },
  {
    command: 'MESSAGE',
    answer: '550 5.1.8 Access denied, bad outbound sender AS(42004)',
    meaning: 'channel',
    source: 'Microsoft 365 blocks our mailbox',
  },
  {
    command: 'MESSAGE',
    answer:
      "550 5.1.90 Your message can't be sent because you've reached your daily limit for message recipients.",
    meaning: 'channel',
    source: 'Microsoft 365, our quota despite 5.1',
  },
  {
    command: 'RCPT',
    answer:
      '550 5.7.606 Access denied, banned sending IP [203.0.113.7]. To request removal from this list please visit https://sender.office.com/',
    meaning: 'channel',
    source: 'Microsoft 365 blocks our address',
  },
  {
    command: 'RCPT',
    answer:
      '550 5.7.64 TenantAttribution; Relay Access Denied [VE1EUR01FT042.eop-EUR01.prod.protection.outlook.com]',
    meaning: 'channel',
    source: 'Microsoft 365, connector is missing',
  },
  {
    command: 'RCPT',
    answer: '550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain',
    meaning: 'channel',
    source: 'Exchange, relaying denied',
  },
  {
    command: 'RCPT',
    answer: '550 5.7.1 Unable to relay for anna@example.com',
    meaning: 'channel',
    source: 'older Exchange, relaying denied',
  },
  {
    command: 'RCPT',
    answer:
      '451 4.4.4 Mail received as unauthenticated, incoming to a recipient domain configured in a hosted tenant which has no mail-enabled subscriptions.',
    meaning: 'message-later',
    source: 'Microsoft 365, tenant configuration',
  },
  {
    command: 'RCPT',
    answer: '451 4.4.3 Temporary server error. Please try again later ATTR5',
    meaning: 'message-later',
    source: 'RFC 3463 section 3.5 directory trouble',
  },
  {
    command: 'MESSAGE',
    answer: '550 5.7.60 SMTP; Client does not have permissions to send as this sender',
    meaning: 'channel',
    source: 'Exchange, our sender address',
  },
  {
    command: 'MESSAGE',
    answer:
      '550 5.7.515 Access denied, sending domain EXAMPLE.COM does not meet the required authentication level.',
    meaning: 'channel',
    source: 'Outlook.com, our SPF DKIM DMARC',
  },
  {
    command: 'MESSAGE',
    answer: '550 5.7.501 Access denied, spam abuse detected from this account.',
    meaning: 'channel',
    source: 'Microsoft 365 blocks our account',
  },
  {
    command: 'MESSAGE',
    answer: '554 5.4.14 Hop count exceeded - possible mail loop ATTR34',
    meaning: 'channel',
    source: 'RFC 3463 section 3.5 routing loop',
  },
  {
    command: 'RCPT',
    answer: '550 5.1.1 <anna@example.com>: Recipient address rejected: User unknown in local recipient table',
    meaning: 'recipient-for-good',
    source: 'Postfix, no such local user',
  },
  {
    command: 'RCPT',
    answer: '550 5.1.1 <anna@example.com>: Recipient address rejected: User unknown in virtual mailbox table',
    meaning: 'recipient-for-good',
    source: 'Postfix, no such virtual mailbox',
  },
  {
    command: 'RCPT',
    answer: '550 5.1.1 <anna@example.com>: Recipient address rejected: User unknown in relay recipient table',
    meaning: 'recipient-for-good',
    source: 'Postfix, no such relay recipient',
  },
  {
    command: 'RCPT',
    answer:
      '550 5.1.1 <anna@example.com>: Recipient address rejected: undeliverable address: host mx.example.com[198.51.100.5] said: 550 5.1.1 User unknown (in reply to RCPT TO command)',
    meaning: 'recipient-for-good',
    source: 'Postfix, address verification was refused',
  },
  {
    command: 'RCPT',
    answer: '550 5.1.2 <anna@example.invalid>: Recipient address rejected: Domain not found',
    meaning: 'recipient-for-good',
    source: 'Postfix, domain hard failure configured',
  },
  {
    command: 'RCPT',
    answer: '501 5.1.3 Bad recipient address syntax',
    meaning: 'recipient-for-good',
    source: 'Postfix, recipient address syntax',
  },
  {
    command: 'RCPT',
    answer: '550 5.1.6 <anna@example.com>: Recipient address rejected: User has moved to anna@example.net',
    meaning: 'recipient-for-good',
    source: 'Postfix relocated table, moved for good',
  },
  {
    command: 'RCPT',
    answer:
      '556 5.1.10 <anna@example.com>: Recipient address rejected: Domain example.com does not accept mail (nullMX)',
    meaning: 'recipient-for-good',
    source: 'RFC 7505 section 4.2 null MX',
  },
  {
    command: 'RCPT',
    answer:
      '450 4.1.1 <anna@example.com>: Recipient address rejected: unverified address: Address verification in progress',
    meaning: 'message-later',
    source: 'Postfix verifies one recipient first',
  },
  {
    command: 'RCPT',
    answer: '450 4.1.2 <anna@example.com>: Recipient address rejected: Domain not found',
    meaning: 'message-later',
    source: 'Postfix, DNS of one recipient domain',
  },
  {
    command: 'RCPT',
    answer:
      '450 4.2.0 <anna@example.com>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch/help/example.com.html',
    meaning: 'message-later',
    source: 'Postgrey greylists each sender recipient pair',
  },
  {
    command: 'RCPT',
    answer: '452 4.2.2 <anna@example.com>: Recipient address rejected: Mailbox is full',
    meaning: 'message-later',
    source: 'Dovecot quota-status, full mailbox can pass',
  },
  {
    command: 'RCPT',
    answer:
      '552 5.2.2 <anna@example.com>: Recipient address rejected: Quota exceeded (mailbox for user is full)',
    meaning: 'message-later',
    source: 'Dovecot quota-status, full mailbox can pass',
  },
  {
    command: 'MESSAGE',
    answer: '552 5.2.2 <anna@example.com> Quota exceeded (mailbox for user is full)',
    meaning: 'message-later',
    source: 'Dovecot LMTP, full mailbox can pass',
  },
  {
    command: 'MESSAGE',
    answer: '451 4.2.0 <anna@example.com> Execution of Sieve filters was aborted due to temporary failure',
    meaning: 'message-later',
    source: 'Dovecot LMTP, one mailbox hiccups',
  },
  {
    command: 'RCPT',
    answer: '554 5.7.1 <anna@example.com>: Relay access denied',
    meaning: 'channel',
    source: 'Postfix, relaying denied, our login missing',
  },
  {
    command: 'RCPT',
    answer: '454 4.7.1 <anna@example.com>: Relay access denied',
    meaning: 'message-later',
    source: 'Postfix defers unauthorised relaying',
  },
  {
    command: 'RCPT',
    answer:
      '554 5.7.1 Service unavailable; Client host [203.0.113.7] blocked using zen.spamhaus.org; https://www.spamhaus.org/query/ip/203.0.113.7',
    meaning: 'channel',
    source: 'Postfix, our address is listed',
  },
  {
    command: 'RCPT',
    answer: '450 4.7.25 Client host rejected: cannot find your hostname, [203.0.113.7]',
    meaning: 'message-later',
    source: 'Postfix, our reverse DNS is missing',
  },
  {
    command: 'RCPT',
    answer: '504 5.5.2 <localhost>: Helo command rejected: need fully-qualified hostname',
    meaning: 'channel',
    source: 'Postfix, our EHLO name despite RCPT',
  },
  {
    command: 'RCPT',
    answer: '553 5.7.1 <no-reply@example.com>: Sender address rejected: not owned by user smtp',
    meaning: 'channel',
    source: 'Postfix, our sender login mismatch',
  },
  {
    command: 'RCPT',
    answer: '450 4.1.8 <no-reply@nowhere.invalid>: Sender address rejected: Domain not found',
    meaning: 'message-later',
    source: 'Postfix, our sender domain',
  },
  {
    command: 'RCPT',
    answer: '504 5.5.2 <no-reply>: Sender address rejected: need fully-qualified address',
    meaning: 'channel',
    source: 'Postfix, our sender address despite RCPT',
  },
  {
    command: 'RCPT',
    answer:
      '550 5.7.23 <anna@example.com>: Recipient address rejected: Message rejected due to: SPF fail - not authorized. Please see http://www.open-spf.org/',
    meaning: 'channel',
    source: 'policyd-spf words our SPF as recipient',
  },
  {
    command: 'RCPT',
    answer: '451 4.3.5 <anna@example.com>: Recipient address rejected: Server configuration problem',
    meaning: 'message-later',
    source: 'Postfix, configuration, worded as recipient',
  },
  {
    command: 'RCPT',
    answer: '451 4.3.0 <anna@example.com>: Temporary lookup failure',
    meaning: 'message-later',
    source: 'Postfix lookup table is down',
  },
  {
    command: 'RCPT',
    answer: '450 4.7.1 Error: too much mail from 203.0.113.7',
    meaning: 'message-later',
    source: 'Postfix anvil, rate of our address',
  },
  {
    command: 'RCPT',
    answer: '451 4.7.1 Service unavailable - try again later',
    meaning: 'message-later',
    source: 'Postfix milter is down',
  },
  {
    command: 'MAIL',
    answer: '530 5.7.0 Must issue a STARTTLS command first',
    meaning: 'channel',
    source: 'Postfix smtpd_tls_security_level encrypt',
  },
  {
    command: 'MAIL',
    answer: '452 4.3.1 Insufficient system storage',
    meaning: 'channel',
    source: 'Postfix, disk of the server',
  },
  {
    command: 'MAIL',
    answer: '552 5.3.4 Message size exceeds fixed limit',
    meaning: 'channel',
    source: 'RFC 1870; our mails are alike',
  },
  {
    command: 'MAIL',
    answer: '501 5.1.7 Bad sender address syntax',
    meaning: 'channel',
    source: 'Postfix, our sender address syntax',
  },
  {
    command: 'MAIL',
    answer: '503 5.5.1 Error: authentication not enabled',
    meaning: 'channel',
    source: 'Postfix, submission service without SASL',
  },
  {
    command: 'AUTH',
    answer: '535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6',
    meaning: 'channel',
    source: 'RFC 4954 section 6 credentials invalid',
  },
  {
    command: 'AUTH',
    answer: '454 4.7.0 Temporary authentication failure: Connection lost to authentication server',
    meaning: 'channel',
    source: 'Postfix, Dovecot SASL is down',
  },
  {
    command: 'AUTH',
    answer: '538 5.7.11 Encryption required for requested authentication mechanism',
    meaning: 'channel',
    source: 'RFC 4954 section 6 encryption required',
  },
  {
    command: 'STARTTLS',
    answer: '454 4.7.0 TLS not available due to local problem',
    meaning: 'channel',
    source: 'RFC 3207 section 4 TLS unavailable',
  },
  {
    command: 'EHLO',
    answer: '501 Syntax: EHLO hostname',
    meaning: 'channel',
    source: 'Postfix, our EHLO name is empty',
  },
  {
    command: 'CONN',
    answer: '421 4.7.0 mail.example.com Error: too many connections from 203.0.113.7',
    meaning: 'channel',
    source: 'Postfix anvil, connections of our address',
  },
  {
    command: 'CONN',
    answer: '421 4.3.2 All server ports are busy',
    meaning: 'channel',
    source: 'Postscreen has no free process',
  },
  {
    command: 'CONN',
    answer: '521 5.7.1 Service unavailable; client [203.0.113.7] blocked using zen.spamhaus.org',
    meaning: 'channel',
    source: 'Postscreen, RFC 7504 code 521',
  },
  {
    command: 'DATA',
    answer: '421 4.4.2 mail.example.com Error: timeout exceeded',
    meaning: 'message-later',
    source: 'RFC 3463 section 3.5 bad connection',
  },
  {
    command: 'DATA',
    answer: '503 5.5.1 Error: need RCPT command',
    meaning: 'channel',
    source: 'RFC 5321 section 4.2.4 sequence fault',
  },
  {
    command: 'MESSAGE',
    answer: '451 4.3.0 Error: queue file write error',
    meaning: 'message-later',
    source: 'Postfix, queue of the server',
  },
  {
    command: 'MESSAGE',
    answer: '554 5.6.0 Message contains NUL characters',
    meaning: 'channel',
    source: 'RFC 3463 section 3.7, our own format',
  },
  {
    command: 'MESSAGE',
    answer: '550 5.7.1 Spam message rejected',
    meaning: 'channel',
    source: 'Rspamd milter, all mails look alike',
  },
  {
    command: 'RCPT',
    answer: '550 Unrouteable address',
    meaning: 'recipient-for-good',
    source: 'Exim, recipient verification failed, no code',
  },
  {
    command: 'RCPT',
    answer: '550 Unknown user',
    meaning: 'recipient-for-good',
    source: 'hMailServer and Exim ACLs, no code',
  },
  {
    command: 'RCPT',
    answer: '550 No Such User Here',
    meaning: 'recipient-for-good',
    source: 'cPanel Exim, no such user',
  },
  {
    command: 'RCPT',
    answer: '501 anna@: domain missing or malformed',
    meaning: 'recipient-for-good',
    source: 'Exim, recipient address syntax, no code',
  },
  {
    command: 'RCPT',
    answer: '550 relay not permitted',
    meaning: 'channel',
    source: 'Exim, relaying denied despite plain 550',
  },
  {
    command: 'RCPT',
    answer:
      '550-Verification failed for <no-reply@example.com>\r\n550-No Such User Here\r\n550 Sender verify failed',
    meaning: 'channel',
    source: 'Exim, our sender; middle line misleads',
  },
  {
    command: 'RCPT',
    answer: '550 Administrative prohibition',
    meaning: 'channel',
    source: 'Exim default ACL text, policy',
  },
  {
    command: 'RCPT',
    answer: '550 Authentication required',
    meaning: 'channel',
    source: 'Exim, login missing despite plain 550',
  },
  {
    command: 'RCPT',
    answer: '451 Could not complete sender verify callout',
    meaning: 'message-later',
    source: 'Exim, our sender cannot be verified',
  },
  {
    command: 'RCPT',
    answer: '452 space shortage, please try later',
    meaning: 'message-later',
    source: 'Exim, disk of the server',
  },
  {
    command: 'MAIL',
    answer: '552 Message size exceeds maximum permitted',
    meaning: 'channel',
    source: 'Exim, RFC 1870; our mails are alike',
  },
  {
    command: 'AUTH',
    answer: '535 Incorrect authentication data',
    meaning: 'channel',
    source: 'Exim, login refused, no code',
  },
  {
    command: 'AUTH',
    answer: '435 Unable to authenticate at present',
    meaning: 'channel',
    source: 'Exim, authenticator backend is down',
  },
  {
    command: 'AUTH',
    answer: '503 AUTH command used when not advertised',
    meaning: 'channel',
    source: 'Exim wants TLS before AUTH',
  },
  {
    command: 'EHLO',
    answer: '501 Syntactically invalid EHLO argument(s)',
    meaning: 'channel',
    source: 'Exim, our EHLO name',
  },
  {
    command: 'EHLO',
    answer: '550 Access denied - Invalid HELO name (See RFC2821 4.1.1.1)',
    meaning: 'channel',
    source: 'cPanel Exim, our EHLO name',
  },
  {
    command: 'CONN',
    answer: '421 Too many concurrent SMTP connections; please try again later.',
    meaning: 'channel',
    source: 'Exim smtp_accept_max reached',
  },
  {
    command: 'CONN',
    answer: '554 SMTP synchronization error',
    meaning: 'channel',
    source: 'Exim, we spoke too early',
  },
  {
    command: 'MESSAGE',
    answer: '550 This message was classified as SPAM and may not be delivered',
    meaning: 'channel',
    source: 'content rule, all mails look alike',
  },
  {
    command: 'RCPT',
    answer: '550 Delivery is not allowed to this address.',
    meaning: 'channel',
    source: 'hMailServer relay rule despite plain 550',
  },
  {
    command: 'RCPT',
    answer: '530 SMTP authentication is required.',
    meaning: 'channel',
    source: 'hMailServer, login needed at RCPT',
  },
  {
    command: 'RCPT',
    answer: '451 Please try again later.',
    meaning: 'message-later',
    source: 'hMailServer greylisting text, no code',
  },
  {
    command: 'AUTH',
    answer: '535 Authentication failed. Restarting authentication process.',
    meaning: 'channel',
    source: 'hMailServer, login refused',
  },
  {
    command: 'MAIL',
    answer: '550 The address is not valid.',
    meaning: 'channel',
    source: 'hMailServer at MAIL, our sender',
  },
  {
    command: 'RCPT',
    answer: '501 Invalid RCPT TO address provided',
    meaning: 'recipient-for-good',
    source: 'Amazon SES, recipient address syntax',
  },
  {
    command: 'AUTH',
    answer: '535 Authentication Credentials Invalid',
    meaning: 'channel',
    source: 'Amazon SES, SMTP credentials wrong',
  },
  {
    command: 'MAIL',
    answer: '530 Authentication required',
    meaning: 'channel',
    source: 'Amazon SES, login needed',
  },
  {
    command: 'MAIL',
    answer: '530 Must issue a STARTTLS command first',
    meaning: 'channel',
    source: 'Amazon SES, TLS needed',
  },
  {
    command: 'MAIL',
    answer: '501 Invalid MAIL FROM address provided',
    meaning: 'channel',
    source: 'Amazon SES, our sender address',
  },
  {
    command: 'CONN',
    answer: '421 Too many concurrent SMTP connections',
    meaning: 'channel',
    source: 'Amazon SES, too many connections',
  },
  {
    command: 'MESSAGE',
    answer: '454 Throttling failure: Maximum sending rate exceeded.',
    meaning: 'message-later',
    source: 'Amazon SES, rate of our account',
  },
  {
    command: 'MESSAGE',
    answer: '454 Throttling failure: Daily message quota exceeded.',
    meaning: 'message-later',
    source: 'Amazon SES, daily quota of our account',
  },
  {
    command: 'MESSAGE',
    answer:
      '554 Message rejected: Email address is not verified. The following identities failed the check in region EU-WEST-1: no-reply@example.com',
    meaning: 'channel',
    source: 'Amazon SES, our sender is unverified',
  },
  {
    command: 'MESSAGE',
    answer:
      '554 Message rejected: Email address is not verified. The following identities failed the check in region EU-WEST-1: anna@example.com',
    meaning: 'channel',
    source: 'Amazon SES sandbox refuses every recipient',
  },
  {
    command: 'MESSAGE',
    answer:
      '554 Access denied: User `arn:aws:iam::123456789012:user/ses-smtp` is not authorized to perform `ses:SendRawEmail` on resource `arn:aws:ses:eu-west-1:123456789012:identity/example.com`',
    meaning: 'channel',
    source: 'Amazon SES, our rights are missing',
  },
  {
    command: 'MESSAGE',
    answer:
      '554 Message rejected: Sending suspended for this account. For more information, please check the inbox of the email address associated with your AWS account.',
    meaning: 'channel',
    source: 'Amazon SES suspended our account',
  },
  {
    command: 'MESSAGE',
    answer: '451 Temporary service failure',
    meaning: 'message-later',
    source: 'Amazon SES, local processing error',
  },
  {
    command: 'MESSAGE',
    answer: '451 Timeout waiting for data from client',
    meaning: 'message-later',
    source: 'Amazon SES, connection too slow',
  },
  {
    command: 'MAIL',
    answer: '550 Unauthenticated senders not allowed',
    meaning: 'channel',
    source: 'SendGrid, login needed',
  },
  {
    command: 'AUTH',
    answer: '535 Authentication failed: The provided authorization grant is invalid, expired, or revoked',
    meaning: 'channel',
    source: 'SendGrid, API key refused',
  },
  {
    command: 'AUTH',
    answer: '451 Authentication failed: Maximum credits exceeded',
    meaning: 'channel',
    source: 'SendGrid, quota of our account',
  },
  {
    command: 'AUTH',
    answer: '535 Authentication failed: account disabled',
    meaning: 'channel',
    source: 'SendGrid disabled our account',
  },
  {
    command: 'MESSAGE',
    answer:
      '550 The from address does not match a verified Sender Identity. Mail cannot be sent until this error is resolved. Visit https://sendgrid.com/docs/for-developers/sending-email/sender-identity/ to see the Sender Identity requirements',
    meaning: 'channel',
    source: 'SendGrid, our sender is unverified',
  },
  {
    command: 'RCPT',
    answer: '452 Too many recipients received this hour (throttled)',
    meaning: 'message-later',
    source: 'SendGrid, hourly quota of our account',
  },
  {
    command: 'AUTH',
    answer: '535 5.7.8 Authentication failed',
    meaning: 'channel',
    source: 'Mailgun, SMTP credentials wrong',
  },
  {
    command: 'MESSAGE',
    answer:
      '421 Domain sandbox0123.mailgun.org is not allowed to send: Sandbox subdomains are for test purposes only. Please add your own domain or add the address to authorized recipients in Account Settings.',
    meaning: 'message-later',
    source: 'Mailgun sandbox despite a plain 421',
  },
  {
    command: 'MESSAGE',
    answer: '550 5.7.1 Relaying denied',
    meaning: 'channel',
    source: 'Mailgun, domain not set up',
  },
  {
    command: 'MAIL',
    answer: '502 5.7.0 Please activate your SMTP account before sending',
    meaning: 'channel',
    source: 'Brevo, our account is not active',
  },
  {
    command: 'AUTH',
    answer: '525 5.7.1 Unauthorized IP address',
    meaning: 'channel',
    source: 'Brevo, our address is not listed',
  },
  {
    command: 'MESSAGE',
    answer: '553 Relaying disallowed as no-reply@example.com',
    meaning: 'channel',
    source: 'Zoho, our sender despite plain 553',
  },
  {
    command: 'MESSAGE',
    answer: '550 5.4.6 Unusual sending activity detected. Please try after sometime.',
    meaning: 'channel',
    source: 'Zoho blocks our account',
  },
  {
    command: 'MESSAGE',
    answer: '554 5.1.8 Email Outgoing Blocked',
    meaning: 'channel',
    source: 'Zoho blocks our account despite 5.1',
  },
  {
    command: 'MESSAGE',
    answer:
      "554 delivery error: dd This user doesn't have a yahoo.com account (anna@yahoo.com) [0] - mta1543.mail.ne1.yahoo.com",
    meaning: 'recipient-for-good',
    source: 'Yahoo says no such user late',
  },
  {
    command: 'MESSAGE',
    answer:
      '554 30 Sorry, your message to anna@yahoo.com cannot be delivered. This mailbox is disabled (554.30).',
    meaning: 'recipient-for-good',
    source: 'Yahoo, mailbox disabled for good',
  },
  {
    command: 'MAIL',
    answer:
      '421 4.7.0 [TSS04] Messages from 203.0.113.7 temporarily deferred due to unexpected volume or user complaints - 4.16.55.1; see https://postmaster.yahooinc.com/error-codes',
    meaning: 'channel',
    source: 'Yahoo throttles our address',
  },
  {
    command: 'CONN',
    answer:
      "553 5.7.1 [BL21] Connections will not be accepted from 203.0.113.7, because the ip is in Spamhaus's list; see https://postmaster.yahooinc.com/error-codes",
    meaning: 'channel',
    source: 'Yahoo, our address is listed',
  },
  {
    command: 'MESSAGE',
    answer:
      '554 5.7.9 Message not accepted for policy reasons. See https://postmaster.yahooinc.com/error-codes',
    meaning: 'channel',
    source: 'Yahoo, our DMARC or reputation',
  },
  {
    command: 'AUTH',
    answer: '535 5.7.0 (#AUTH005) Too many bad auth attempts.',
    meaning: 'channel',
    source: 'Yahoo locks our login',
  },
  {
    command: 'RCPT',
    answer: '550 5.1.1 <anna@icloud.com>: user does not exist',
    meaning: 'recipient-for-good',
    source: 'iCloud, no such user',
  },
  {
    command: 'RCPT',
    answer: '552 5.2.2 <anna@icloud.com>: user is over quota',
    meaning: 'message-later',
    source: 'iCloud, full mailbox can be emptied',
  },
  {
    command: 'MAIL',
    answer: '550 5.7.0 From address is not one of your addresses',
    meaning: 'channel',
    source: 'iCloud, our sender address',
  },
  {
    command: 'CONN',
    answer:
      '554-gmx.net (mxgmx101) Nemesis ESMTP Service not available\r\n554-No SMTP service\r\n554-Bad DNS PTR resource record.\r\n554 For explanation visit https://postmaster.gmx.net/en/error-messages?ip=203.0.113.7&c=rdns',
    meaning: 'channel',
    source: 'GMX, our reverse DNS',
  },
  {
    command: 'RCPT',
    answer:
      '550-Requested action not taken: mailbox unavailable\r\n550 For explanation visit https://postmaster.gmx.net/en/error-messages',
    meaning: 'recipient-for-good',
    source: 'GMX, RFC 5321 section 4.2.3 code 550',
  },
  {
    command: 'RCPT',
    answer:
      '450-Requested mail action not taken: mailbox unavailable\r\n450 For explanation visit https://postmaster.gmx.net/en/error-messages',
    meaning: 'message-later',
    source: 'GMX, RFC 5321 section 4.2.3 code 450',
  },
  {
    command: 'RCPT',
    answer: '550 5.1.1 <anna@example.com>... User unknown',
    meaning: 'recipient-for-good',
    source: 'Sendmail, no such user',
  },
  {
    command: 'RCPT',
    answer:
      '550 5.1.2 <anna@example.invalid>... Host unknown (Name server: example.invalid.: host not found)',
    meaning: 'recipient-for-good',
    source: 'Sendmail, no such domain',
  },
  {
    command: 'RCPT',
    answer: '553 5.1.3 <@example.com>... User address required',
    meaning: 'recipient-for-good',
    source: 'Sendmail, recipient address syntax',
  },
  {
    command: 'RCPT',
    answer: '551 User not local; please try <anna@example.net>',
    meaning: 'recipient-for-good',
    source: 'RFC 5321 section 3.4 refused forwarding',
  },
  {
    command: 'RCPT',
    answer: '550 5.7.1 <anna@example.com>... Relaying denied. Proper authentication required.',
    meaning: 'channel',
    source: 'Sendmail, relaying denied, login missing',
  },
  {
    command: 'MAIL',
    answer:
      '553 5.1.8 <no-reply@nowhere.invalid>... Domain of sender address no-reply@nowhere.invalid does not exist',
    meaning: 'channel',
    source: 'Sendmail, our sender domain',
  },
  {
    command: 'MAIL',
    answer: '451 4.1.8 Domain of sender address no-reply@example.com does not resolve',
    meaning: 'channel',
    source: 'Sendmail, our sender domain, DNS trouble',
  },
  {
    command: 'MAIL',
    answer: '553 5.5.4 <no-reply>... Domain name required for sender address no-reply',
    meaning: 'channel',
    source: 'Sendmail, our sender address',
  },
  {
    command: 'MAIL',
    answer: '452 4.4.5 Insufficient disk space; try again later',
    meaning: 'channel',
    source: 'Sendmail, disk of the server',
  },
  {
    command: 'RCPT',
    answer: '503 5.0.0 Need MAIL before RCPT',
    meaning: 'channel',
    source: 'Sendmail, sequence fault despite RCPT',
  },
  {
    command: 'EHLO',
    answer: '500 5.5.1 Command unrecognized: "EHLO auth.example.com"',
    meaning: 'channel',
    source: 'RFC 5321 section 4.2.4, server without EHLO',
  },
  {
    command: 'STARTTLS',
    answer: '454 4.3.3 TLS not available after start',
    meaning: 'channel',
    source: 'Sendmail, certificate of the server',
  },
  {
    command: 'STARTTLS',
    answer: '502 5.5.1 Unrecognized command',
    meaning: 'channel',
    source: 'server offers no STARTTLS at all',
  },
  {
    command: 'STARTTLS',
    answer: '501 5.5.4 Syntax error (no parameters allowed)',
    meaning: 'channel',
    source: 'RFC 3207 section 4 syntax error',
  },
  {
    command: 'CONN',
    answer: '421 4.3.2 Connection rate limit exceeded.',
    meaning: 'channel',
    source: 'Sendmail, rate of our address',
  },
  {
    command: 'RCPT',
    answer: '511 sorry, no mailbox here by that name (#5.1.1 - chkuser)',
    meaning: 'recipient-for-good',
    source: 'qmail chkuser, code at the end',
  },
  {
    command: 'RCPT',
    answer: "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)",
    meaning: 'channel',
    source: 'qmail relaying denied, code at the end',
  },
  {
    command: 'RCPT',
    answer: '550 5.1.2 Mailbox does not exist.',
    meaning: 'recipient-for-good',
    source: 'Stalwart, no such mailbox',
  },
  {
    command: 'RCPT',
    answer: '550 5.1.1 Mailbox "anna" does not exist',
    meaning: 'recipient-for-good',
    source: 'RFC 3463 section 3.2, no such mailbox',
  },
  {
    command: 'RCPT',
    answer: '550 5.2.1 Account administratively disabled',
    meaning: 'recipient-for-good',
    source: 'RFC 3463 section 3.3 mailbox disabled',
  },
  {
    command: 'MESSAGE',
    answer: '550 5.2.1 Mailbox disabled, not accepting messages',
    meaning: 'recipient-for-good',
    source: 'RFC 3463 section 3.3, said late',
  },
  {
    command: 'RCPT',
    answer: '450 4.2.1 Mailbox temporarily disabled',
    meaning: 'message-later',
    source: 'RFC 3463 section 3.3, 4xx passes',
  },
  {
    command: 'RCPT',
    answer: '421 4.2.1 Mailbox is locked by another process, try again later',
    meaning: 'message-later',
    source: '421 about one mailbox at RCPT',
  },
  {
    command: 'MESSAGE',
    answer: '452 4.2.2 Mailbox full',
    meaning: 'message-later',
    source: 'RFC 3463 section 3.3, said late',
  },
  {
    command: 'RCPT',
    answer: '451 4.7.1 Greylisting in action, please come back in 00:05:00',
    meaning: 'message-later',
    source: 'milter-greylist, each pair by itself',
  },
  {
    command: 'RCPT',
    answer:
      '450 4.7.1 <anna@example.com>: Recipient address rejected: Policy Rejection: Greylisted, please try again in 300 seconds',
    meaning: 'message-later',
    source: 'policyd greylisting, each pair by itself',
  },
  {
    command: 'RCPT',
    answer: '554 5.7.1 The server is not allowed to relay to the Internet',
    meaning: 'channel',
    source: 'router smart host, relay switched off',
  },
  {
    command: 'MAIL',
    answer: '421 4.4.2 Connection timed out, closing transmission channel',
    meaning: 'channel',
    source: 'RFC 5321 section 3.8 server closes',
  },
  {
    command: 'MAIL',
    answer: '421 4.3.2 System is shutting down',
    meaning: 'channel',
    source: 'RFC 3463 section 3.4 going down',
  },
  {
    command: 'DATA',
    answer: '554 5.5.1 Error: no valid recipients',
    meaning: 'channel',
    source: 'protocol fault; verdicts came at RCPT',
  },
  {
    command: 'RCPT',
    answer:
      '550 5.4.1 Recipient address rejected: Access denied. [VE1EUR01FT042.eop-EUR01.prod.protection.outlook.com]',
    meaning: 'channel',
    source: 'Microsoft edge blocking, unknown recipient or tenant',
  },
  {
    command: 'RCPT',
    answer:
      '550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302). [SA2PEPF00003F67.namprd04.prod.outlook.com]',
    meaning: 'recipient-for-good',
    source: 'Outlook.com, no such user despite 5.5',
  },
  {
    command: 'RCPT',
    answer:
      '550-5.2.1 The user you are trying to contact is receiving mail at a rate that\r\n550-5.2.1 prevents additional messages from being delivered. For more\r\n550-5.2.1 information, please visit\r\n550 5.2.1  https://support.google.com/mail/?p=ReceivingRatePerm - gsmtp',
    meaning: 'message-later',
    source: 'Gmail, a rate despite 5.2.1',
  },
  {
    command: 'RCPT',
    answer: '550 5.1.2 Relay not allowed.',
    meaning: 'channel',
    source: 'Stalwart relaying denied despite 5.1.2',
  },
  {
    command: 'MESSAGE',
    answer: '451 4.7.1 Greylisted, please try again later',
    meaning: 'message-later',
    source: 'Rspamd greylists after the message',
  },
  {
    command: 'RCPT',
    answer: '551 5.7.1 User not local; please authenticate',
    meaning: 'channel',
    source: 'login missing despite code 551',
  },
  {
    command: 'RCPT',
    answer: '450 too frequent connects from 203.0.113.7, please try again later.',
    meaning: 'message-later',
    source: 'SendGrid list, rate despite plain 450',
  },
  {
    command: 'RCPT',
    answer:
      '550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required; Delivery restriction check failed because the sender was not authenticated when sending to this group',
    meaning: 'channel',
    source: 'Microsoft 365 group refuses us, policy',
  },
  {
    command: 'RCPT',
    answer: '550 5.1.0 Address rejected.',
    meaning: 'recipient-for-good',
    source: 'RFC 3463 section 3.2 other address status',
  },
  {
    command: 'MESSAGE',
    answer: '552 5.3.4 Message too big for this mailbox',
    meaning: 'channel',
    source: 'size in 5.3; our mails are alike',
  },
  {
    command: 'RCPT',
    answer: '421 Message from (203.0.113.7) temporarily deferred',
    meaning: 'message-later',
    source: 'SendGrid list, our reputation, plain 421',
  },
  {
    command: 'MESSAGE',
    answer: '554 Transaction failed',
    meaning: 'channel',
    source: 'RFC 5321 section 4.2.3, no reason given',
  },
  {
    command: 'MESSAGE',
    answer: '451 Requested action aborted: local error in processing',
    meaning: 'message-later',
    source: 'RFC 5321 section 4.2.3, server trouble',
  },
  {
    command: 'RCPT',
    answer: '553 Requested action not taken: mailbox name not allowed',
    meaning: 'recipient-for-good',
    source: 'RFC 5321 section 4.2.3 code 553',
  },
  {
    command: 'RCPT',
    answer: '450 4.2.1 Peak SMTP relay limit exceeded for customer. This is a temporary error. - gsmtp',
    meaning: 'message-later',
    source: 'Google relay, our quota despite 4.2.1',
  },
  {
    command: 'MESSAGE',
    answer:
      '550 5.2.122 The recipient has exceeded their limit for the number of messages they can receive per hour.',
    meaning: 'message-later',
    source: 'Microsoft 365, hourly rate of one mailbox',
  },
  {
    command: 'MESSAGE',
    answer:
      '550 5.2.121 The recipient has exceeded the limit for the number of messages they can receive per hour from a specific sender.',
    meaning: 'message-later',
    source: 'Microsoft 365, hourly rate passes by itself',
  },
  {
    command: 'MESSAGE',
    answer: '432 4.3.2 STOREDRV.Deliver; recipient thread limit exceeded',
    meaning: 'message-later',
    source: 'Exchange throttles one mailbox despite 4.3.2',
  },
  {
    command: 'RCPT',
    answer: '451 Temporary local problem - please try later',
    meaning: 'message-later',
    source: 'Exim, plain 4xx at RCPT',
  },
  {
    command: 'RCPT',
    answer: '451 Could not complete recipient verify callout',
    meaning: 'message-later',
    source: 'Exim, one recipient cannot be verified yet',
  },
  {
    command: 'RCPT',
    answer: '552 1 Requested mail action aborted, mailbox not found',
    meaning: 'recipient-for-good',
    source: 'Yahoo, no such mailbox despite 552',
  },
  {
    command: 'RCPT',
    answer: '452 4.5.3 Too many recipients',
    meaning: 'message-later',
    source: 'RFC 5321 section 4.5.3.1.10; we send one',
  },
];
