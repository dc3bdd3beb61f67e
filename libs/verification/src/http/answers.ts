import { METHODS, PURPOSES } from '@sparekey/contracts';
import { factorMethods, FACTORS } from '@sparekey/factors';
import {
  answer,
  anything,
  count,
  dateTime,
  eitherOf,
  flag,
  link,
  list,
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

const enroll = answer('EnrollmentRequired', {
  decision: word(['enroll']),
  skippable: flag('Whether the person may put it off'),
  deadline: perhaps(dateTime('Until when')),
});

const deny = answer('SignInDenied', {
  decision: word(['deny']),
  code: text('Why, as a problem code'),
});

const challengeId = text('Whoever holds it may answer: it goes to the person’s browser and to nobody else');

export const DECISION = eitherOf('Decision', [
  answer('ChallengeOpened', {
    decision: word(['challenge']),
    challengeId,
    challengeRef: uuid('The same challenge in the log; it is no secret'),
    methods: list(offer),
    preferred: offer,
    expiresAt: dateTime(),
    url: perhaps(link('With returnUrl: where the person answers it')),
  }),
  answer('SignInAllowed', {
    decision: word(['allow']),
    result: text('A signed result (JWT) whose `acr` says that no second step was asked for'),
  }),
  enroll,
  deny,
]);

export const BEGUN_SIGN_IN = eitherOf('BegunSignIn', [
  answer('SignInPending', { decision: word(['pending']) }),
  answer('SignInChallenged', {
    decision: word(['challenge']),
    challengeId,
    expiresAt: dateTime(),
    url: perhaps(link('Where the person answers it')),
  }),
  enroll,
  deny,
]);

/** Of the method that is a whole sign-in. */
const requestOptions = () => FACTORS.webauthn.asked;

const result = text('A signed result (JWT); its key is among those of /.well-known/jwks.json');

export const RESULT = answer('Result', { result });

export const PASSED_WITH_RESULT = answer('PassedWithResult', { state: word(['passed']), result });

export const PASSED = eitherOf('Passed', [
  PASSED_WITH_RESULT,
  answer('PassedWithRedirect', {
    state: word(['passed']),
    redirectTo: link('Where the browser goes, with a code for the result'),
  }),
]);

export const PASSKEY_CHALLENGE = answer('PasskeyChallenge', {
  challengeId,
  options: part(requestOptions(), {
    description: 'What the browser takes (`PublicKeyCredentialRequestOptionsJSON`)',
  }),
  expiresAt: dateTime(),
});

export const DELIVERY = anything('What is told of where the code goes');

/** Of each method that prepares a challenge: the options of a ceremony. */
export const PROMPT = eitherOf(
  'Prompt',
  factorMethods().flatMap(({ asked }) => (asked ? [part(asked)] : [])),
);

export const CHALLENGE_STATE = answer('ChallengeState', {
  state: word(['open', 'passed', 'failed', 'cancelled', 'voided']),
  purpose: word(PURPOSES),
  service: text('What people know the service by that asks'),
  startedAt: dateTime(),
  context: perhaps(part({ ip: perhaps(text()), userAgent: perhaps(text()) })),
  returnTo: perhaps(link('Where the person came from')),
  methods: list(offer, 'None unless it is open'),
  preferred: perhaps(offer),
  attemptsLeft: count(),
  expiresAt: dateTime(),
});

export const KEYS = answer('JsonWebKeySet', {
  keys: list(
    part({
      kty: word(['OKP']),
      crv: word(['Ed25519']),
      x: text(),
      kid: text(),
      use: word(['sig']),
      alg: word(['EdDSA']),
    }),
  ),
});
