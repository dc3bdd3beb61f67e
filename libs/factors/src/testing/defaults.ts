import Value from 'typebox/value';
import { webauthnSettings, type WebauthnSettings } from '../webauthn/settings.ts';

/** Every setting at its default. */
export const DEFAULT_SETTINGS: WebauthnSettings = Value.Create(webauthnSettings);
