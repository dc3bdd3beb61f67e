import { FACTORS } from '@sparekey/factors';
import { ACCESS_SCOPES, METHODS, ROLES, SESSION_SCOPES, TOKEN_ROLES } from '@sparekey/contracts';
import {
  answer,
  count,
  dateTime,
  eitherOf,
  flag,
  list,
  page,
  part,
  perhaps,
  text,
  uuid,
  word,
} from '@sparekey/platform';

const offer = answer('MethodOffer', {
  method: word(METHODS),
  factorId: perhaps(uuid()),
  name: perhaps(text('What the person calls it')),
  digits: perhaps(count('How many its code has, where it always has as many')),
  lockedUntil: perhaps(dateTime('After too many failures: not before then')),
});

export const SESSION = answer('Session', {
  token: perhaps(text('Absent where the session was set as a cookie')),
  expiresAt: dateTime('When it ends unless it is used'),
});

export const PASSKEY = answer('PasskeySignIn', {
  challengeId: text('Whoever holds it may answer'),
  options: part(FACTORS.webauthn.asked),
  expiresAt: dateTime(),
});

export const OPTIONS = answer('SignInOptions', {
  domain: text(),
  organisation: text('What people know it by; of a domain that is not there its id'),
  passkey: flag('Whether a passkey alone signs in, without a name'),
  providers: list(part({ provider: text('Its id') }), 'Through which people sign in'),
});

export const CURRENT_SESSION = answer('CurrentSession', {
  domain: text(),
  organisation: text('What people know it by'),
  userId: text(),
  login: perhaps(text('Absent where the person signs in through a provider')),
  scope: word(
    SESSION_SCOPES,
    '`enroll`: to set up two-step verification · `factors`: opened by a recovery code',
  ),
  displayName: perhaps(text('What the person is called')),
  roles: list(word(ROLES), 'What the person holds beyond being a person'),
  twoStep: flag('Whether two-step verification is on'),
  password: flag('Whether the person has a password here: without one they sign in through a provider'),
  secondStep: flag('Whether the second step was passed in this session: roles have effect in no other'),
  expiresAt: dateTime('When it ends unless it is used'),
});

const secondStep = answer('SecondStepAsked', {
  decision: word(['challenge']),
  challenge: part({
    challengeId: text('Whoever holds it may answer; the result that comes of it is exchanged for a session'),
    methods: list(offer),
    preferred: offer,
    expiresAt: dateTime(),
  }),
});

export const SIGNED_IN = eitherOf('SignedIn', [
  answer('SessionBegun', { decision: word(['allow']), session: SESSION }),
  secondStep,
  answer('EnrollmentSessionBegun', {
    decision: word(['enroll']),
    skippable: flag('Whether the person may put it off'),
    deadline: perhaps(dateTime('Until when')),
    session: SESSION,
  }),
]);

export const EXCHANGED = eitherOf('Exchanged', [SESSION, secondStep]);

export const ACCOUNT = answer('Account', { userId: text() });

export const LOGIN = answer('Login', { userId: text(), login: text() });

export const ISSUED_TOKEN = answer('IssuedToken', {
  tokenId: uuid(),
  token: text('Shown here and never again'),
});

export const ACCESS_TOKENS = page(
  'AccessTokens',
  answer('AccessToken', {
    tokenId: uuid(),
    name: text(),
    scopes: list(word(ACCESS_SCOPES)),
    createdAt: dateTime(),
    expiresAt: dateTime(),
  }),
);

export const SESSIONS = page(
  'Sessions',
  answer('LivingSession', {
    sessionId: uuid(),
    current: flag('Whether it is the one that asks'),
    scope: word(SESSION_SCOPES),
    startedAt: dateTime(),
    expiresAt: dateTime('When it ends in any case'),
    context: perhaps(part({ ip: text('From where it began'), userAgent: perhaps(text()) })),
  }),
);

export const API_TOKENS = page(
  'ApiTokens',
  answer('ApiToken', {
    tokenId: uuid(),
    name: text(),
    role: word(TOKEN_ROLES),
    service: perhaps(text('With role service: which one')),
    expiresAt: perhaps(dateTime('Absent where it does not expire')),
    createdAt: dateTime(),
    createdBy: text('The person who issued it, `operator`, or the service whose own it is'),
  }),
);
