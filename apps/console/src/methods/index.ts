import type { Method } from './method.ts';
import { recoveryCode } from './recovery-code/index.tsx';
import { totp } from './totp/index.tsx';
import { webauthn } from './webauthn/index.tsx';

/** Every way that pages know, a line for each. */
const METHODS: readonly Method[] = [webauthn, totp, recoveryCode];

/** @returns nothing for a way that these pages do not know: they are older than the server */
export const methodOf = (type: string): Method | undefined => METHODS.find((method) => method.type === type);
