import type { PATHS } from '@sparekey/console';

interface Row {
  /** Of the mission; in its words, as far as it works today. */
  readonly what: string;
  readonly pages: readonly ((typeof PATHS)[number] | '/sign-in/:domain' | '/challenge' | '/notice')[];
  /** Those that walk it in a browser, by their names. */
  readonly tests: readonly string[];
}

/** What people can do with Sparekey today, by row of the mission: on which page, and which test does it there. */
export const MISSION: Readonly<Record<number | 'readiness' | 'operator' | 'developers', Row>> = {
  1: {
    what: 'Which factors two-step verification has is chosen for each domain',
    pages: ['/policy'],
    tests: ['the policy is a form with its bounds, is saved, and keeps its history'],
  },
  2: {
    what: 'Which factors there are; enrolment optional, required, or required by a date',
    pages: ['/policy'],
    tests: ['the policy is a form with its bounds, is saved, and keeps its history'],
  },
  3: {
    what: 'Enrol at the first sign-in or later; skip for now where it is optional',
    pages: ['/set-up', '/security'],
    tests: [
      'two-step verification is set up in four pages after signing in, and every one of them is for everybody',
      'it can be put off where the policy lets people',
    ],
  },
  5: {
    what: 'Authenticator app by QR code or secret, active after a right code; settings for each domain',
    pages: ['/set-up', '/policy'],
    tests: [
      'the QR code is read by another hand as what the page says',
      'a secret that ran out of tries is replaced',
    ],
  },
  6: {
    what: 'Security keys and passkeys, several for each person, named; as second step, and as a whole sign-in',
    pages: ['/set-up', '/security', '/sign-in/:domain', '/policy'],
    tests: [
      'a key is set up from nothing in four pages, and signs in by itself',
      'a passkey signs in without a name, from the button and from the list of the browser',
    ],
  },
  9: {
    what: 'Name, default, remove; another way at the challenge',
    pages: ['/security', '/sign-in/:domain'],
    tests: [
      'a method is renamed, and the last one stays',
      'signing in takes the code spaced as it is pasted, or a recovery code in any case',
    ],
  },
  10: {
    what: 'A sensitive change takes a fresh proof',
    pages: ['/api-tokens', '/security'],
    tests: ['what is dear takes a fresh proof on the page, and then goes on by itself'],
  },
  11: {
    what: 'Two-step verification is switched off by its owner; a recovery code gets in to connect anew',
    pages: ['/security', '/sign-in/:domain'],
    tests: [
      'two-step verification is turned off, and asked for no more',
      'signing in takes the code spaced as it is pasted, or a recovery code in any case',
    ],
  },
  14: {
    what: 'Sixteen codes: download, print, copy, and the tick that they are saved',
    pages: ['/set-up'],
    tests: [
      'two-step verification is set up in four pages after signing in, and every one of them is for everybody',
    ],
  },
  15: {
    what: 'A new set on demand',
    pages: ['/set-up', '/security'],
    tests: ['a set-up goes on in another session, and codes that were saved are not lost by looking'],
  },
  17: {
    what: 'How many codes are left, and a warning when they are few',
    pages: ['/security'],
    tests: ['signing in takes the code spaced as it is pasted, or a recovery code in any case'],
  },
  22: {
    what: 'A service opens a challenge, the person answers it, the service gets a signed result',
    pages: ['/challenge', '/services'],
    tests: [
      'says who asks, from where; takes the code; and goes back with a code of its own',
      'services are registered, changed and removed',
    ],
  },
  24: {
    what: 'Personal access tokens',
    pages: ['/access-tokens'],
    tests: ['one’s own pages: profile, log, tokens, sessions everywhere'],
  },
  25: {
    what: 'Wrong codes are counted and wait; opened again by time or by the help desk',
    pages: ['/sign-in/:domain'],
    tests: ['a challenge that is over leads back to signing in'],
  },
  30: {
    what: 'Every change is told, with “this was not me”',
    pages: ['/notice', '/dev/inbox'],
    tests: [
      'a newcomer gets from the first password of the demo to a second step, and takes a change back by the link in the mail',
    ],
  },
  31: {
    what: 'Security log for the person; search, filter and export for auditors',
    pages: ['/security-log', '/audit'],
    tests: [
      'one’s own pages: profile, log, tokens, sessions everywhere',
      'the audit log is filtered by its address, opened, live and exported',
    ],
  },
  readiness: {
    what: 'Who would be locked out if they lost their phone today',
    pages: ['/readiness', '/people', '/people/:user'],
    tests: [
      'readiness is told in one sentence, shares, and lines over time',
      'people are found, added, changed, given roles',
    ],
  },
  operator: {
    what: 'Lag, what is parked, and read models made anew',
    pages: ['/operator'],
    tests: [
      'the operator shows the token, sees the health of the installation, and has a read model made anew',
    ],
  },
  developers: {
    what: 'The API tried from a page, and every component in every state',
    pages: ['/docs', '/dev/components'],
    tests: ['the API is tried from a page, and every component shows all its states'],
  },
};
