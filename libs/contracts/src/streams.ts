/** Names are injective: neither part can hold the dot that separates them. */
export const DOMAIN_ID = /^[a-z][a-z0-9-]{0,39}$/;
/** Opaque to Sparekey; never an address or a login. */
export const USER_ID = /^[A-Za-z0-9_-]{1,64}$/;
/** A registered internal service within its domain. */
export const SERVICE_ID = /^[a-z][a-z0-9-]{0,39}$/;

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
