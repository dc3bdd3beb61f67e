import Type from 'typebox';
import { event, moment, oneOf, sealed, uuid, word, type EventOf } from './event.ts';

// These names are the storage format: they outlive every refactoring.

export const TOKEN_ROLES = ['service', 'auditor', 'help-desk', 'administrator'] as const;
export type TokenRole = (typeof TOKEN_ROLES)[number];

export const apiTokenIssued = event('ApiTokenIssued', {
  tokenId: uuid(),
  name: sealed('contact'),
  role: oneOf(...TOKEN_ROLES),
  /** With role `service`: which registered service presents it. */
  service: Type.Optional(word()),
  expiresAt: Type.Optional(moment()),
});
export const apiTokenRevoked = event('ApiTokenRevoked', { tokenId: uuid() });

export type TokensFact = EventOf<typeof apiTokenIssued> | EventOf<typeof apiTokenRevoked>;

export const IDENTITY_EVENTS = [apiTokenIssued, apiTokenRevoked];
