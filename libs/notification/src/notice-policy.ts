import type { FactType } from '@sparekey/contracts';

/** A fact that people are told of. */
export interface Notified {
  /** Who hears of it: the person it is about, or all administrators of the domain. */
  readonly to: 'person' | 'administrators';
  /** "This was not me" undoes something, and the notice carries the link. */
  readonly repudiable?: true;
  /** Only where the data say so. */
  readonly where?: Readonly<Record<string, string>>;
}

/** Why a fact is not told. */
export interface Silent {
  readonly silent: string;
}

const person = { to: 'person' } as const;
const repudiable = { to: 'person', repudiable: true } as const;
const administrators = { to: 'administrators' } as const;

const TABLE = {
  DomainCreated: { silent: 'the operator did it, and nobody is in the domain yet' },
  DomainRenamed: { silent: 'changes nothing for anybody but a name that all see' },
  PolicyChanged: administrators,
  ServiceRegistered: administrators,
  ServiceRemoved: administrators,
  RolesChanged: person,
  IdentityProviderSet: administrators,
  IdentityProviderRemoved: administrators,

  UserRegistered: { silent: 'the person has nothing yet that could be taken from them' },
  ContactsChanged: repudiable,
  FactorAdded: { silent: 'counts for nothing until it is confirmed, which is told' },
  FactorConfirmed: repudiable,
  FactorClaimed: { silent: 'half of FactorConfirmed' },
  FactorConfirmationRejected: { silent: 'the person is at the page, and nothing depends on it yet' },
  FactorRenamed: person,
  DefaultFactorChosen: person,
  FactorRemoved: person,
  TwoStepSkipped: { silent: 'holds for one sign-in, and changes nothing' },
  TwoStepEnabled: person,
  TwoStepDisabled: repudiable,

  RecoveryCodesGenerated: repudiable,
  RecoveryCodesSaved: { silent: 'the set was told when it was made' },
  RecoveryCodesRevoked: person,

  ChallengeOpened: { silent: 'nothing has been shown yet' },
  SignInAllowed: { silent: 'a sign-in without a second step is its service’s to tell' },
  CodeRejected: { silent: 'mistyping is no news; too many of them are, and are told as a wait' },
  // a code of an authenticator app is a sign-in like any other: a mail for each would bury those that matter
  ChallengePassed: { ...repudiable, where: { method: 'recovery-code' } },
  ChallengePrompted: { silent: 'nothing has been shown yet' },
  ResultTaken: { silent: 'half of a sign-in' },
  PassVoided: { silent: 'what was taken back meanwhile is told by itself' },
  ChallengeEnded: { silent: 'nothing came of it' },
  WaitStarted: person,
  FactorSuspended: person,
  CloneSuspected: person,
  SignInBegun: { silent: 'nothing has been shown yet' },
  SignInChallenged: { silent: 'half of ChallengeOpened' },
  EnrollmentRequired: { silent: 'the person is at the page that says so' },
  SignInDenied: { silent: 'the person is at the page that says so' },
  SignInReported: { silent: 'a sign-in is its service’s to tell' },
  SignInMessageRefused: { silent: 'who runs it sees it among what is parked' },
  WaitsCleared: { silent: 'gives back what was there; the wait was told' },

  ApiTokenIssued: administrators,
  ApiTokenRevoked: administrators,
  AccessTokenIssued: repudiable,
  AccessTokenRevoked: person,
  LoginClaimed: { silent: 'half of LoginChanged' },
  LoginReleased: { silent: 'half of LoginChanged' },
  AccountOpened: { silent: 'the password that is set in it is told' },
  LoginChanged: person,
  PasswordSet: repudiable,
  PasswordWithdrawn: person,
  SessionStarted: { silent: 'stands in the security log; told where a recovery code led to it' },
  SessionConfirmed: { silent: 'the person showed again who they are, and nothing changed' },
  SessionEnded: { silent: 'takes nothing from anybody' },
  PasswordRejected: { silent: 'anybody can cause it: strangers could fill the mailbox' },
  PasswordRejectionsSummed: { silent: 'anybody can cause it: strangers could fill the mailbox' },

  DeliveryRequested: { silent: 'the code itself goes out, to the one address that it is for' },
  NoticeClaimed: { silent: 'is a notice' },
  NoticeClaimRenewed: { silent: 'is a notice' },
  NoticeSent: { silent: 'is a notice' },
  NoticeFailed: { silent: 'a notice of it would fail too; it stands in the audit log' },
  NoticeRepudiated: administrators,

  AccessLogged: { silent: 'stands in the audit log: whoever works there looks all day' },
  AccessRefused: { silent: 'stands in the audit log, and nothing came of it' },
} as const satisfies Record<FactType, Notified | Silent>;

export type NotifiedType = {
  [Type in FactType]: (typeof TABLE)[Type] extends Notified ? Type : never;
}[FactType];

/** Every fact there is: who is told, or why nobody is. */
export const NOTICE_POLICY: Readonly<Record<FactType, Notified | Silent>> = TABLE;

export const NOTIFIED_TYPES = Object.keys(TABLE).filter(
  (type) => 'to' in TABLE[type as FactType],
) as NotifiedType[];
