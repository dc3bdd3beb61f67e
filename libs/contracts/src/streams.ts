/** Names are injective: neither part can hold the dot that separates them. */
export const DOMAIN_ID = /^[a-z][a-z0-9-]{0,39}$/;
/** Opaque to Sparekey; never an address or a login. */
export const USER_ID = /^[A-Za-z0-9_-]{1,64}$/;
/** A registered internal service within its domain. */
export const SERVICE_ID = /^[a-z][a-z0-9-]{0,39}$/;

/** A service's own id of one sign-in. */
export const SIGN_IN_ID = /^[A-Za-z0-9._~-]{1,128}$/;

/** Identity domain, policy, registered services. Only writer: enrollment. */
export const domainStream = (domain: string) => `domain-${domain}`;
/** The user, contacts, factors, two-step verification, epoch. Only writer: enrollment. */
export const factorsStream = (domain: string, user: string) => `factors-${domain}.${user}`;
/** Sets of recovery codes. Only writer: recovery. */
export const codesStream = (domain: string, user: string) => `codes-${domain}.${user}`;
/** Challenges, attempts, passes with what they spent, waits. Only writer: verification. */
export const verificationStream = (domain: string, user: string) => `verification-${domain}.${user}`;
/** API tokens of a domain's machines. Only writer: identity. */
export const tokensStream = (domain: string) => `tokens-${domain}`;
/** Personal access tokens of a user. Only writer: identity. */
export const accessTokensStream = (domain: string, user: string) => `tokens-${domain}.${user}`;
/** The account of the reference sign-in service, its sessions' beginnings and ends. Only writer: identity. */
export const accountStream = (domain: string, user: string) => `account-${domain}.${user}`;
/** Failures before a proven first step, a few an hour and their number. Only writer: identity. */
export const attemptsStream = (domain: string, user: string) => `attempts-${domain}.${user}`;
/** Who holds what may be held once in all, such as a login. Only writer: who claims. @param digest keyed */
export const claimStream = (digest: string) => `claim-${digest}`;
/** One notice of one event to one address. Only writer: notification. @param channel such as `email-1` */
export const noticeStream = (domain: string, user: string, eventId: string, channel: string) =>
  `notice-${domain}.${user}.${eventId}.${channel}`;

/** One look or one refusal. Only writer: the service that was called. */
export const accessStream = (domain: string, id: string) => `access-${domain}.${id}`;

/** What proves the keys of one class at every start. Only writer: the first process that has them. */
export const installationStream = (keyClass: string) => `installation-${keyClass}`;

/** What the names of all streams begin with. */
export const STREAM_PREFIXES = [
  'domain-',
  'factors-',
  'codes-',
  'verification-',
  'tokens-',
  'account-',
  'attempts-',
  'claim-',
  'notice-',
  'access-',
  'installation-',
] as const;
