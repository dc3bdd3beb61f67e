export { SignInListener } from './sign-in.listener.ts';
export { VerificationModule } from './verification.module.ts';
