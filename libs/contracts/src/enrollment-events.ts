import Type, { type Static } from 'typebox';
import {
  count,
  event,
  blindIndex,
  timestamp,
  oneOf,
  parameters,
  sealed,
  user,
  uuid,
  identifier,
  type EventOf,
} from './event.ts';
import type { DeliveryFact } from './notification-events.ts';
import { POLICY_SCHEMA } from './policy.ts';

/** The name of a key within its service, and the public point of an Ed25519 key (32 bytes, base64url). */
export const EVENT_KEY_ID = /^[A-Za-z0-9._~-]{1,64}$/;
export const ED25519_X = /^[A-Za-z0-9_-]{43}$/;

// These names are the storage format: they outlive every refactoring.

/** What a person may hold beyond being a user; an administrator holds the others too. */
export const ROLES = ['administrator', 'help-desk', 'auditor'] as const;
export type Role = (typeof ROLES)[number];

export const domainCreated = event('DomainCreated', { displayName: identifier() });
export const domainRenamed = event('DomainRenamed', { displayName: identifier() });
export const policyChanged = event('PolicyChanged', { policyVersion: count(), policy: POLICY_SCHEMA });
/** A public key by which a service signs what it says by event: Ed25519, RFC 8037. */
const eventKey = Type.Object(
  {
    kid: Type.String({ pattern: EVENT_KEY_ID.source }),
    kty: Type.Literal('OKP'),
    crv: Type.Literal('Ed25519'),
    x: Type.String({ pattern: ED25519_X.source }),
  },
  { additionalProperties: false },
);
export type EventKey = Static<typeof eventKey>;

/** Also when a registered service is changed: it replaces what was there. */
export const serviceRegistered = event('ServiceRegistered', {
  service: identifier(),
  displayName: identifier(),
  returnUrls: Type.Array(identifier(2_048)),
  /** May make the calls marked *self* for its people. */
  onBehalf: Type.Boolean(),
  /** May change contacts and passwords of people who exist already. */
  manages: Type.Optional(Type.Boolean()),
  eventKeys: Type.Optional(Type.Array(eventKey)),
});
export const serviceRemoved = event('ServiceRemoved', { service: identifier() });

/** The roles that a user holds from here on. */
export const rolesChanged = event('RolesChanged', { user: user(), roles: Type.Array(oneOf(...ROLES)) });
/** Which claims of a provider's tokens say who somebody is. */
const providerClaims = Type.Object(
  {
    /** `hash`: the claim is an address or a login; the user is called by its keyed digest. */
    user: Type.Object({ claim: identifier(), hash: Type.Boolean() }, { additionalProperties: false }),
    email: Type.Optional(identifier()),
    displayName: Type.Optional(identifier()),
  },
  { additionalProperties: false },
);
export type ProviderClaims = Static<typeof providerClaims>;
/** Also when it is changed: it replaces what was there. */
export const identityProviderSet = event('IdentityProviderSet', {
  provider: identifier(),
  issuer: identifier(2_048),
  jwksUri: identifier(2_048),
  audience: identifier(2_048),
  /** With one, people sign in through the provider; without, only its tokens are accepted. */
  clientId: Type.Optional(identifier(256)),
  claims: providerClaims,
});
export const identityProviderRemoved = event('IdentityProviderRemoved', { provider: identifier() });

export type DomainFact =
  | EventOf<typeof domainCreated>
  | EventOf<typeof domainRenamed>
  | EventOf<typeof policyChanged>
  | EventOf<typeof serviceRegistered>
  | EventOf<typeof serviceRemoved>
  | EventOf<typeof rolesChanged>
  | EventOf<typeof identityProviderSet>
  | EventOf<typeof identityProviderRemoved>;

/** `contacts`: JSON of e-mail addresses, telephone number, display name and locale. */
export const userRegistered = event('UserRegistered', { contacts: sealed('contact') });
export const contactsChanged = event('ContactsChanged', {
  contacts: sealed('contact'),
  /** By the operator or by a person with a fresh second step: what it removed is told without a link. */
  steppedUp: Type.Optional(Type.Literal(true)),
  /** Name or language alone: nobody is reached elsewhere than before, and nobody is told. */
  profileOnly: Type.Optional(Type.Literal(true)),
  /** It puts back what stood before the change at this revision. */
  undoes: Type.Optional(count()),
});

export const factorAdded = event('FactorAdded', {
  factorId: uuid(),
  /** A name in the registry of factors. */
  kind: identifier(),
  name: Type.Optional(sealed('contact')),
  /** Absent where it is known only when the factor is confirmed. */
  secret: Type.Optional(sealed('factor')),
  /** What confirming it is compared with, where the kind has that. */
  expected: Type.Optional(sealed('factor')),
  /** What the kind needs to check a code and what no later policy changes. */
  settings: parameters(),
  /** When it dies unless it is confirmed. */
  expiresAt: timestamp(),
});
/** `step`: up to where that used it up, a time step or a counter; what is known only now goes with it. */
export const factorConfirmed = event('FactorConfirmed', {
  factorId: uuid(),
  /** What it is called where the person gave it no name. */
  name: Type.Optional(sealed('contact')),
  step: Type.Optional(count()),
  secret: Type.Optional(sealed('factor')),
  parameters: Type.Optional(parameters()),
  /** Under which digest it may be held once in all, where its kind is so. */
  claim: Type.Optional(blindIndex()),
  /** The session of the reference sign-in service in which it was confirmed: that one has shown it. */
  sessionId: Type.Optional(uuid()),
});
export const factorConfirmationRejected = event('FactorConfirmationRejected', {
  factorId: uuid(),
  attemptsLeft: count(),
});
export const factorRenamed = event('FactorRenamed', { factorId: uuid(), name: sealed('contact') });
export const defaultFactorChosen = event('DefaultFactorChosen', { factorId: uuid() });
export const factorRemoved = event('FactorRemoved', { factorId: uuid() });
/** Not now: this one sign-in goes on without a second step. */
export const twoStepSkipped = event('TwoStepSkipped', {
  /** Whose sign-in it is; of before 2026-11-27 none is named, and it serves nobody any more. */
  service: Type.Optional(identifier()),
  signInId: identifier(),
});
export const twoStepEnabled = event('TwoStepEnabled', {
  /** The session in which it went on: others that showed a password alone are worth nothing from here on. */
  sessionId: Type.Optional(uuid()),
  /** It takes back that it was switched off, at this revision. */
  undoes: Type.Optional(count()),
});
/** Raises the epoch: what was made under an earlier one is dead. */
export const twoStepDisabled = event('TwoStepDisabled', { epoch: count() });

/** Whoever enrols what may be a factor once in all says so first, in a stream of its own. */
export const factorClaimed = event('FactorClaimed', { claim: blindIndex(), factorId: uuid() });
export type FactorClaimFact = EventOf<typeof factorClaimed>;

export type FactorsFact =
  | EventOf<typeof userRegistered>
  | EventOf<typeof contactsChanged>
  | EventOf<typeof factorAdded>
  | DeliveryFact
  | EventOf<typeof factorConfirmed>
  | EventOf<typeof factorConfirmationRejected>
  | EventOf<typeof factorRenamed>
  | EventOf<typeof defaultFactorChosen>
  | EventOf<typeof factorRemoved>
  | EventOf<typeof twoStepSkipped>
  | EventOf<typeof twoStepEnabled>
  | EventOf<typeof twoStepDisabled>;

export const ENROLLMENT_EVENTS = [
  domainCreated,
  domainRenamed,
  policyChanged,
  serviceRegistered,
  serviceRemoved,
  rolesChanged,
  identityProviderSet,
  identityProviderRemoved,
  userRegistered,
  contactsChanged,
  factorAdded,
  factorConfirmed,
  factorClaimed,
  factorConfirmationRejected,
  factorRenamed,
  defaultFactorChosen,
  factorRemoved,
  twoStepSkipped,
  twoStepEnabled,
  twoStepDisabled,
];
