/** Where pages of who is signed in are, as Fastify and the router of the pages both read it. */
export const PATHS = [
  '/',
  '/set-up',
  '/security',
  '/security-log',
  '/profile',
  '/access-tokens',
  '/people',
  '/people/:user',
  '/readiness',
  '/policy',
  '/audit',
  '/services',
  '/identity-providers',
  '/api-tokens',
  '/administrators',
  '/dev/inbox',
] as const;
