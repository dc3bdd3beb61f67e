import type { Catalogue } from './catalogue.ts';

const few = (left: number | undefined) =>
  ` Only ${left} ${left === 1 ? 'is' : 'are'} left: make a new set soon.`;

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
    FactorConfirmed: () => ({
      subject: 'A sign-in method was added',
      body: 'A new method for the second step, such as an authenticator app, was added to your account.',
    }),
    FactorRenamed: () => ({
      subject: 'A sign-in method was renamed',
      body: 'A method for the second step of your account has another name.',
    }),
    DefaultFactorChosen: () => ({
      subject: 'Another sign-in method comes first',
      body: 'Another method is now asked for first at the second step.',
    }),
    FactorRemoved: () => ({
      subject: 'A sign-in method was removed',
      body: 'A method for the second step was removed from your account.',
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
      body: 'Your recovery codes were made void. Make a new set when you have signed in.',
    }),
    ChallengePassed: ({ number, left, few: low }) => ({
      subject: 'A recovery code was used',
      body: `Recovery code number ${number} was used to sign in to your account. It does not work again.${low ? few(left) : ''}`,
    }),
    WaitStarted: ({ until }) => ({
      subject: 'Too many wrong codes',
      body: `Somebody who got past the first step gave too many wrong codes for your account. Codes are not accepted again until ${until}. If it was not you, somebody may know your password: change it.`,
    }),
    FactorSuspended: () => ({
      subject: 'A sign-in method is suspended',
      body: 'A method for the second step of your account is suspended, after too many wrong codes or because it was reported. Use another method, or ask your help desk.',
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
  happened: (when) => `When: ${when}`,
  ifYou: 'If this was you, there is nothing to do.',
  notMe: 'If this was not you, open this page and say so. What was changed is then suspended:',
  askHelp: 'If this was not you, tell your help desk at once.',
  lookUp: 'Who did it, from where and when stands in the audit log.',
  automatic: (organisation) =>
    `${organisation} sends this by itself whenever something about the security of an account changes. It cannot be switched off.`,
};
