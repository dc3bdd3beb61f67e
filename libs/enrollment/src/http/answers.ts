import { POLICY_SCHEMA, ROLES } from '@sparekey/contracts';
import {
  answer,
  count,
  dateTime,
  eitherOf,
  flag,
  link,
  list,
  orNull,
  page,
  part,
  perhaps,
  text,
  uuid,
  word,
} from '@sparekey/platform';
import { factorMethods, factorTypes } from '@sparekey/factors';
import { FACTOR_STATUSES, MISSING } from '../show-security.ts';

const domain = text('Its id');
const domainName = text('What people know the organisation by');

export const DOMAIN = answer('Domain', { domain, displayName: domainName });

export const DOMAINS = page('Domains', part({ domain, displayName: domainName, createdAt: dateTime() }));

export const POLICY = answer('Policy', POLICY_SCHEMA.properties);

export const SERVICE = answer('Service', {
  service: text('Its id'),
  displayName: text('What people know the service by'),
  returnUrls: list(link(), 'Exact addresses that hosted challenges may return to'),
  onBehalf: flag('Whether it may make the calls marked self for its people'),
  manages: flag('Whether it may change contacts and passwords of people who exist already'),
  eventKeys: perhaps(
    list(
      part({ kid: text(), kty: word(['OKP']), crv: word(['Ed25519']), x: text() }),
      'Public keys (JWK) by which it signs what it says by event',
    ),
  ),
});

export const SERVICES = page('Services', SERVICE);

export const PROVIDER = answer('IdentityProvider', {
  provider: text('Its id'),
  issuer: link(),
  jwksUri: link('Where its keys are'),
  audience: text('What tokens that are meant for Sparekey say in `aud`'),
  clientId: perhaps(text('With one, people sign in through the provider')),
  claims: part({
    user: part({
      claim: text('The claim that says who somebody is'),
      hash: flag('Whether the user is called by its keyed digest'),
    }),
    email: perhaps(text('The claim that holds their e-mail address')),
    displayName: perhaps(text('The claim that holds their name')),
  }),
});

export const PROVIDERS = page('IdentityProviders', PROVIDER);

const roles = list(word(ROLES), 'What the person holds beyond being a person');

export const ROLES_HELD = page('RolesHeld', part({ userId: text(), displayName: perhaps(text()), roles }));

const emails = perhaps(list(text(), 'Absent where the person was erased'));

export const USER = answer('User', {
  userId: text(),
  displayName: perhaps(text()),
  emails,
  phone: perhaps(text('E.164')),
  locale: perhaps(text('BCP 47')),
  roles,
  registeredAt: dateTime(),
});

export const USERS = page(
  'Users',
  part({
    userId: text(),
    displayName: perhaps(text()),
    emails,
    phone: perhaps(text('E.164')),
    registeredAt: dateTime(),
    lastSignInAt: perhaps(dateTime()),
    twoStep: part({ enabled: flag() }),
    factors: count('How many are confirmed and not suspended'),
    recoveryCodes: part({ remaining: count('How many are left of a set that the person saved') }),
    secondWayIn: orNull(
      flag(
        'Whether the person would still get in without their phone; null where two-step verification is off',
      ),
    ),
  }),
);

const people = count('How many there are');
const twoStep = count('How many have two-step verification on');
const noSecondWay = count('How many of those would be locked out if they lost their phone today');

export const READINESS = answer('Readiness', {
  people,
  twoStep,
  noSecondWay,
  codesLow: count(
    'How many of those with two-step verification on have few recovery codes left, by the policy; counted up to 10000',
  ),
  deadlineNear: count(
    'How many must have two-step verification on within a week, or should have it by now; counted up to 10000',
  ),
  trend: list(
    part({ day: text('In UTC, such as 2030-01-31'), people, twoStep, noSecondWay }),
    'How each of the last 90 days on which any of this changed ended, the oldest first',
  ),
});

export const REGISTERED_USER = answer('RegisteredUser', {
  userId: text(),
  roles: perhaps(list(word(ROLES), 'What was asked for; absent where nothing was')),
});

const factor = part({
  factorId: uuid(),
  type: text('Its kind'),
  name: perhaps(text('What the person calls it')),
  status: word(FACTOR_STATUSES),
  restoredBy: perhaps(word(['help-desk'], 'With `suspended`: who gives it back')),
  default: flag('Whether it is the one that is asked for first'),
  addedAt: dateTime(),
  lastUsedAt: perhaps(dateTime()),
});

const codes = part({
  batchId: uuid(),
  total: count(),
  remaining: count(),
  generatedAt: dateTime(),
  saved: flag('Whether the person said that they have written the codes down'),
});

export const SECURITY = answer('Security', {
  userId: text(),
  twoStep: part({
    enabled: flag(),
    required: flag('Whether the person may put it off no longer'),
    deadline: perhaps(dateTime('Until when it may be put off, where there is such a moment')),
  }),
  factors: list(factor),
  recoveryCodes: orNull(codes),
  enrollable: list(word(factorTypes()), 'Kinds of factor that may be added now, the strongest first'),
  missing: list(word(MISSING), 'What it still takes before the person is safe from being locked out'),
});

/** With what its kind shows. */
export const ADDED_FACTOR = eitherOf(
  'AddedFactor',
  factorMethods().map(({ shown }) => part({ factorId: uuid(), status: word(['pending']), ...shown })),
);

/** `AllAcceptedCredentialsOptions` of WebAuthn Level 3. */
export const ACCEPTED = answer('AcceptedCredentials', {
  rpId: text(),
  userId: text('What authenticators call this person'),
  allAcceptedCredentialIds: list(text()),
  name: text('By what they show the account'),
});

export const CONFIRMED_FACTOR = answer('ConfirmedFactor', {
  factorId: uuid(),
  status: word(['confirmed']),
  name: perhaps(text('What it is called: as the person named it, or else as its model is known')),
});
