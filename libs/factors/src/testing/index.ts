export { authenticator, FLAG, type Authenticator, type AuthenticatorInput } from './authenticator.ts';
