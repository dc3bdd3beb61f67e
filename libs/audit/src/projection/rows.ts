import type { Fact, FactType } from '@sparekey/contracts';

export const OUTCOMES = ['success', 'failure'] as const;
export type Outcome = (typeof OUTCOMES)[number];

type DataOf<Type extends FactType> = Extract<Fact, { type: Type }>['data'];

/** How a fact stands in the audit log. */
export interface Row<Detail extends string = string> {
  /** Part of the API, and as stable. */
  readonly action: string;
  readonly outcome: Outcome;
  /** What is shown beside who, which factor, which code, which service: nothing that is sealed. */
  readonly detail?: readonly Detail[];
}

/** Why a fact has no row. */
export interface Silent {
  readonly silent: string;
}

const done = (action: string) => ({ action, outcome: 'success' as const });
const failed = (action: string) => ({ action, outcome: 'failure' as const });

const TABLE = {
  DomainCreated: { ...done('domain.created'), detail: ['displayName'] },
  DomainRenamed: { ...done('domain.renamed'), detail: ['displayName'] },
  PolicyChanged: { ...done('policy.changed'), detail: ['policyVersion', 'policy'] },
  ServiceRegistered: {
    ...done('service.registered'),
    detail: ['displayName', 'onBehalf', 'manages', 'returnUrls'],
  },
  ServiceRemoved: done('service.removed'),
  RolesChanged: { ...done('roles.changed'), detail: ['roles'] },
  IdentityProviderSet: {
    ...done('identity-provider.set'),
    detail: ['provider', 'issuer', 'jwksUri', 'audience'],
  },
  IdentityProviderRemoved: { ...done('identity-provider.removed'), detail: ['provider'] },

  UserRegistered: done('user.registered'),
  ContactsChanged: done('contacts.changed'),
  FactorAdded: done('factor.added'),
  FactorConfirmed: done('factor.confirmed'),
  FactorClaimed: { silent: 'half of factor.confirmed, which has its row' },
  FactorConfirmationRejected: { ...failed('factor.confirmation-rejected'), detail: ['attemptsLeft'] },
  FactorRenamed: done('factor.renamed'),
  DefaultFactorChosen: done('factor.made-default'),
  FactorRemoved: done('factor.removed'),
  TwoStepSkipped: { ...done('two-step.skipped'), detail: ['signInId'] },
  TwoStepEnabled: done('two-step.enabled'),
  TwoStepDisabled: done('two-step.disabled'),

  RecoveryCodesGenerated: { ...done('recovery-codes.generated'), detail: ['total'] },
  RecoveryCodesSaved: done('recovery-codes.saved'),
  RecoveryCodesRevoked: done('recovery-codes.revoked'),

  ChallengeOpened: { ...done('challenge.opened'), detail: ['purpose', 'signInId', 'expiresAt'] },
  SignInAllowed: { ...done('sign-in.allowed'), detail: ['purpose', 'signInId'] },
  SignInBegun: { silent: 'the challenge that it leads to has a row' },
  SignInChallenged: { silent: 'half of ChallengeOpened' },
  EnrollmentRequired: { ...done('sign-in.enrollment-required'), detail: ['signInId', 'skippable'] },
  SignInDenied: { ...failed('sign-in.denied'), detail: ['signInId', 'code'] },
  SignInReported: { ...done('sign-in.reported'), detail: ['signInId', 'outcome'] },
  SignInMessageRefused: { ...failed('sign-in.message-refused'), detail: ['reason', 'place'] },
  CodeRejected: { ...failed('code.rejected'), detail: ['attemptsLeft'] },
  ChallengePassed: done('code.used'),
  ChallengePrompted: { silent: 'the answer to what was asked for has its row' },
  DeliveryRequested: { ...done('code.delivery-requested'), detail: ['channel', 'expiresAt'] },
  ResultTaken: done('result.taken'),
  PassVoided: failed('pass.voided'),
  ChallengeEnded: { ...failed('challenge.ended'), detail: ['reason'] },
  WaitStarted: { ...failed('wait.started'), detail: ['failures', 'until'] },
  CloneSuspected: failed('factor.clone-suspected'),
  FactorSuspended: { ...failed('factor.suspended'), detail: ['failures'] },
  WaitsCleared: done('waits.cleared'),

  ApiTokenIssued: { ...done('api-token.issued'), detail: ['tokenId', 'role', 'expiresAt'] },
  ApiTokenRevoked: { ...done('api-token.revoked'), detail: ['tokenId'] },
  AccessTokenIssued: { ...done('access-token.issued'), detail: ['tokenId', 'scopes', 'expiresAt'] },
  AccessTokenRevoked: { ...done('access-token.revoked'), detail: ['tokenId'] },
  LoginClaimed: { silent: 'half of account.opened or login.changed, which has its row' },
  LoginReleased: { silent: 'half of login.changed, which has its row' },
  AccountOpened: done('account.opened'),
  LoginChanged: done('login.changed'),
  PasswordSet: done('password.set'),
  PasswordWithdrawn: done('password.withdrawn'),
  SessionStarted: { ...done('session.started'), detail: ['scope', 'signInId', 'amr', 'acr', 'expiresAt'] },
  SessionConfirmed: { ...done('session.confirmed'), detail: ['by'] },
  SessionEnded: { ...done('session.ended'), detail: ['reason'] },
  PasswordRejected: failed('password.rejected'),
  PasswordRejectionsSummed: {
    ...failed('password.rejections-summed'),
    detail: ['count', 'from', 'until'],
  },

  NoticeClaimed: { silent: 'the notice is on its way: notice.sent or notice.failed has the row' },
  NoticeClaimRenewed: { silent: 'the notice is still on its way' },
  NoticeSent: { ...done('notice.sent'), detail: ['eventId', 'attempts'] },
  NoticeFailed: { ...failed('notice.failed'), detail: ['eventId', 'reason', 'attempts'] },
  NoticeRepudiated: { ...done('notice.repudiated'), detail: ['eventId', 'kind'] },

  AccessLogged: { ...done('access.logged'), detail: ['call'] },
  AccessRefused: { ...failed('access.refused'), detail: ['call', 'role', 'code'] },
} satisfies { [Type in FactType]: Row<keyof DataOf<Type> & string> | Silent };

/** Every fact there is: its row, or why it has none. */
export const ROWS: Readonly<Record<FactType, Row | Silent>> = TABLE;

/** Every action that a row can have, for filters and for the API's description. */
export const ACTIONS: readonly string[] = Object.values(ROWS)
  .flatMap((row) => ('action' in row ? [row.action] : []))
  .sort();
