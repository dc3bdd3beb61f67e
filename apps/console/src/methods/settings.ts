import type { Setting } from './method.ts';
import { settings as totp } from './totp/settings.ts';
import { settings as webauthn } from './webauthn/settings.ts';

/** By method, then by the field of the policy; a line for each method that has settings of its own. */
export const SETTINGS: Readonly<Record<string, Readonly<Record<string, Setting>>>> = { totp, webauthn };
