import type { Catalogue } from './catalogue.ts';

const few = (left: number | undefined) =>
  ` Only ${left} ${left === 1 ? 'is' : 'are'} left: make a new set soon.`;

const theMethod = (name: string | undefined) => (name === undefined ? 'A method' : `“${name}”`);

export const en: Catalogue = {
  notices: {
    PolicyChanged: ({ organisation }) => ({
      subject: 'The security policy was changed',
      body: `The security policy of ${organisation} was changed.`,
    }),
    ServiceRegistered: ({ organisation }) => ({
      subject: 'A service was registered or changed',
      body: `A service that may ask for a second step at ${organisation} was registered or changed.`,
    }),
    ServiceRemoved: ({ organisation }) => ({
      subject: 'A service was removed',
      body: `A service was removed from ${organisation}.`,
    }),
    RolesChanged: ({ organisation }) => ({
      subject: 'Your roles were changed',
      body: `What you may do as an administrator, help desk or auditor of ${organisation} was changed.`,
    }),
    IdentityProviderSet: ({ organisation }) => ({
      subject: 'An identity provider was set',
      body: `The provider through which people of ${organisation} sign in was set or changed.`,
    }),
    IdentityProviderRemoved: ({ organisation }) => ({
      subject: 'An identity provider was removed',
      body: `A provider through which people of ${organisation} signed in was removed.`,
    }),
    ContactsChanged: () => ({
      subject: 'Your contact details were changed',
      body: 'The addresses at which you are told about your account were changed. This message goes to the old and to the new ones.',
    }),
    FactorConfirmed: ({ method }) => ({
      subject: 'A sign-in method was added',
      body: `${theMethod(method)} can now be used for the second step when you sign in.`,
    }),
    FactorRenamed: ({ method }) => ({
      subject: 'A sign-in method was renamed',
      body: `A method for the second step of your account goes by another name now: ${theMethod(method)}.`,
    }),
    DefaultFactorChosen: ({ method }) => ({
      subject: 'Another sign-in method comes first',
      body: `${theMethod(method)} is now asked for first at the second step.`,
    }),
    FactorRemoved: ({ method }) => ({
      subject: 'A sign-in method was removed',
      body: `${theMethod(method)} can no longer be used for the second step.`,
    }),
    TwoStepEnabled: () => ({
      subject: 'Two-step verification is on',
      body: 'From now on signing in takes a second step.',
    }),
    TwoStepDisabled: () => ({
      subject: 'Two-step verification is off',
      body: 'From now on your password alone is enough to sign in. Your recovery codes are void.',
    }),
    RecoveryCodesGenerated: () => ({
      subject: 'New recovery codes were made',
      body: 'A new set of recovery codes was made for your account. All earlier ones are void.',
    }),
    RecoveryCodesRevoked: () => ({
      subject: 'Your recovery codes are void',
      body: 'Your recovery codes no longer work. Make a new set when you have signed in, so that a lost phone does not lock you out.',
    }),
    ChallengePassed: ({ number, left, few: low }) => ({
      subject: 'A recovery code was used',
      body: `Recovery code number ${number} was used to sign in to your account. It does not work again.${low ? few(left) : ''}`,
    }),
    WaitStarted: ({ until }) => ({
      subject: 'Too many wrong codes',
      body: `Somebody who got past the first step gave too many wrong codes for your account. Codes are not accepted again until ${until}. If it was not you, somebody may know your password: change it.`,
    }),
    FactorSuspended: ({ method }) => ({
      subject: 'A sign-in method is suspended',
      body: `${theMethod(method)} is suspended, after too many wrong codes or because it was reported. Use another method, or ask your help desk.`,
    }),
    CloneSuspected: ({ method }) => ({
      subject: 'There may be a copy of your security key',
      body: `${theMethod(method)} answered with a counter that should have been higher. It was not let in. If you did not use it on two devices at once, remove it and add another one.`,
    }),
    ApiTokenIssued: ({ organisation }) => ({
      subject: 'An API token was issued',
      body: `A token with which a program may act at ${organisation} was issued.`,
    }),
    ApiTokenRevoked: ({ organisation }) => ({
      subject: 'An API token was revoked',
      body: `A token with which a program acted at ${organisation} was revoked.`,
    }),
    AccessTokenIssued: () => ({
      subject: 'An access token was made',
      body: 'A personal access token was made, with which a script may read from your account without a second step.',
    }),
    AccessTokenRevoked: () => ({
      subject: 'An access token was revoked',
      body: 'A personal access token of your account was revoked.',
    }),
    LoginChanged: () => ({
      subject: 'Your login was changed',
      body: 'The name with which you sign in was changed.',
    }),
    PasswordSet: () => ({
      subject: 'Your password was set',
      body: 'A new password was set for your account. Everybody who was signed in was signed out.',
    }),
    PasswordWithdrawn: () => ({
      subject: 'Your password does not work any more',
      body: 'The password of your account was reported and does not work any more. Ask your help desk for a new one.',
    }),
    NoticeRepudiated: ({ organisation, user }) => ({
      subject: 'Somebody reported a change: “this was not me”',
      body: `The user ${user} of ${organisation} says that a change to their account was not theirs. What it introduced is suspended. Look at their audit log.`,
    }),
  },
  code: ({ organisation, code, minutes }) => ({
    subject: `${code} is your code for ${organisation}`,
    body: `${code} is your code for ${organisation}. It works for ${minutes === 1 ? 'a minute' : `${minutes} minutes`}. Give it to nobody: ${organisation} never asks for it by phone or by mail.`,
  }),
  when: 'When',
  doneBy: 'Done by',
  you: 'Somebody using your account',
  by: (kind, id) =>
    ({
      user: id,
      administrator: `Administrator ${id}`,
      service: `Service ${id}`,
      operator: 'The operator of this installation',
      system: 'Sparekey, by itself',
    })[kind],
  ifYou: { strong: 'If this was you,', rest: 'there is nothing to do.' },
  notMe: {
    strong: 'If this was not you,',
    rest: 'tell us. What was changed stops working at once, and your administrators are told. The link works for 7 days and asks you before it does anything.',
  },
  notMeButton: 'This was not me',
  askHelp: { strong: 'If this was not you,', rest: 'tell your help desk at once.' },
  lookUp: { strong: 'Look it up:', rest: 'who did it, from where and when stands in the audit log.' },
  automatic: (organisation) =>
    `${organisation} sends this to all your addresses whenever the security of your account changes. It cannot be switched off. Nobody ever asks you for a code or a password by mail.`,
  automaticToAdministrators: (organisation) =>
    `${organisation} sends this to its administrators whenever something changes that all its people depend on. It cannot be switched off.`,
};
