import { SERVICES, type ServiceName } from '@sparekey/hosting';

const D = '/v1/domains/[^/]+';
const U = `${D}/users/[^/]+`;

/** Which service answers which path: the first that fits. One table for the gateway and for whoever replaces it. */
export const ROUTES: readonly (readonly [pattern: string, service: ServiceName])[] = [
  [`${U}/recovery-codes(/|$)`, 'recovery'],
  [`${U}/(account|access-tokens|sessions)(/|$)`, 'identity'],
  [`${U}/unlock$`, 'verification'],
  [`(${U}|${D})/audit(/|$)`, 'audit'],
  [`${D}/(challenges|passkey-challenges|results|sign-ins)(/|$)`, 'verification'],
  [`${D}/api-tokens(/|$)`, 'identity'],
  ['/v1/domains(/|$)', 'enrollment'],
  ['/v1/(challenges|passkey-challenges)(/|$)', 'verification'],
  ['/v1/identity(/|$)', 'identity'],
  ['/v1/notices(/|$)', 'notification'],
  ['/dev/inbox$', 'notification'],
  ['/.well-known/jwks.json$', 'verification'],
  ['/v1/operator/sessions(/|$)', 'identity'], // which holds the key that signs
  ['/v1/operator/projections/audit(/|$)', 'audit'],
  ['/v1/operator/projections(/|$)', 'enrollment'],
  ['/v1/operator/event-store/rights$', 'enrollment'],
  ...SERVICES.map((service) => [`/v1/operator/parked/${service}(/|$)`, service] as const),
  ['/v1/operator/parked/sign-ins(/|$)', 'verification'],
  ['/v1/operator/parked(/|$)', 'enrollment'],
];

const compiled = ROUTES.map(([pattern, service]) => [new RegExp(`^${pattern}`), service] as const);

/** @param path without its query @returns nothing where nobody answers it: whoever is asked then says so */
export const serviceFor = (path: string): ServiceName | undefined =>
  compiled.find(([pattern]) => pattern.test(path))?.[1];
