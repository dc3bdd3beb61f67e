export { readBearer } from './bearer.ts';
export { CallerResolver, isSameSecret, operatorDigest } from './caller-resolver.ts';
export {
  Allow,
  AllowAccessToken,
  AllowAnyone,
  AllowScopes,
  ByPerson,
  CalledBy,
  CallerGuard,
  Fresh,
  Logged,
  MayHaveSession,
  StillAllowed,
  requirementOf,
  type Reauthorize,
} from './caller.guard.ts';
export type { Caller } from './caller.ts';
export { isSteppedUp, mayManage, requireFreshPerson } from './authorize.ts';
export { originOf } from './origin.ts';
export { ProviderKeys, tokenFault } from './provider-keys.ts';
export {
  PROVIDER_CLOCK_TOLERANCE_SECONDS,
  ProviderTokens,
  providedUser,
  shownAtOf,
} from './provider-tokens.ts';
export { OPERATOR_COOKIE, OPERATOR_SECONDS, OperatorSessions } from './operator-session.ts';
export {
  SESSION_COOKIE,
  cookieNames,
  readCookie,
  requireSameOrigin,
  setCookie,
  wantsCookie,
} from './session-cookie.ts';
export { SessionTokens, type SessionToken } from './session-tokens.ts';
