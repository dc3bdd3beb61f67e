const UNAUTHENTICATED = 16;
/** Of gRPC. */
export const PERMISSION_DENIED = 7;
const DEADLINE_EXCEEDED = 4;

const NOT_IN_TIME = 'it does not answer in time';

/** What can be told from the words of gRPC, Node.js and the server, and what an operator is told. */
const BY_WORDS = [
  [/Channel closed before call started/, NOT_IN_TIME], // another call waited in vain
  [
    /certificate|self.signed|issuer|altname/i,
    'its certificate is not trusted: name who signed it with tlsCAFile',
  ],
  [/wrong version number|EPROTO|packet length too long/i, 'one side speaks TLS and the other does not'],
  [/ECONNREFUSED/, 'nobody listens there'],
  [/Name resolution failed|ENOTFOUND|EAI_AGAIN/, 'there is no host of that name'],
  [/Server Is Not Ready/, 'it starts, stops or has no quorum'],
  [/Failed to discover/, 'no node says which one leads'],
] as const;

/** @returns why a call failed, in fixed words; nothing where that cannot be told */
export function reasonOf(error: unknown): string | undefined {
  const { code, message, type, name } = error as Partial<
    Record<'code' | 'message' | 'type' | 'name', unknown>
  >;
  if (code === UNAUTHENTICATED) return 'it does not know the login that EVENTSTORE_URL gives';
  if (code === PERMISSION_DENIED || type === 'access-denied')
    return 'the login may not do this: docs/operations.md says which rights it needs';
  if (code === DEADLINE_EXCEEDED || name === 'TimedOut') return NOT_IN_TIME;
  return BY_WORDS.find(([words]) => words.test(String(message)))?.[1];
}
