import type { FactType } from '@sparekey/contracts';

/** A fact that people are told of. */
export interface Told {
  /** Who hears of it: the person it is about, or all administrators of the domain. */
  readonly to: 'person' | 'administrators';
  /** "This was not me" undoes something, and the notice carries the link. */
  readonly repudiable?: true;
  /** Only where the data say so. */
  readonly where?: Readonly<Record<string, string>>;
}

/** Why a fact is not told. */
export interface Untold {
  readonly untold: string;
}

const person = { to: 'person' } as const;
const doubted = { to: 'person', repudiable: true } as const;
const administrators = { to: 'administrators' } as const;

const TABLE = {
  DomainCreated: { untold: 'the operator did it, and nobody is in the domain yet' },
  DomainRenamed: { untold: 'changes nothing for anybody but a name that all see' },
  PolicyChanged: administrators,
  ServiceRegistered: administrators,
  ServiceRemoved: administrators,
  RolesChanged: person,
  IdentityProviderSet: administrators,
  IdentityProviderRemoved: administrators,

  UserRegistered: { untold: 'the person has nothing yet that could be taken from them' },
  ContactsChanged: doubted,
  FactorAdded: { untold: 'counts for nothing until it is confirmed, which is told' },
  FactorConfirmed: doubted,
  FactorClaimed: { untold: 'half of FactorConfirmed' },
  FactorConfirmationRejected: { untold: 'the person is at the page, and nothing depends on it yet' },
  FactorRenamed: person,
  DefaultFactorChosen: person,
  FactorRemoved: person,
  TwoStepSkipped: { untold: 'holds for one sign-in, and changes nothing' },
  TwoStepEnabled: person,
  TwoStepDisabled: doubted,

  RecoveryCodesGenerated: doubted,
  RecoveryCodesSaved: { untold: 'the set was told when it was made' },
  RecoveryCodesRevoked: person,

  ChallengeOpened: { untold: 'nothing has been shown yet' },
  SignInAllowed: { untold: 'a sign-in without a second step is its service’s to tell' },
  CodeRejected: { untold: 'mistyping is no news; too many of them are, and are told as a wait' },
  // a code of an authenticator app is a sign-in like any other: a mail for each would bury those that matter
  ChallengePassed: { ...doubted, where: { method: 'recovery-code' } },
  ChallengePrompted: { untold: 'nothing has been shown yet' },
  ResultTaken: { untold: 'half of a sign-in' },
  PassVoided: { untold: 'what was taken back meanwhile is told by itself' },
  ChallengeEnded: { untold: 'nothing came of it' },
  WaitStarted: person,
  FactorSuspended: person,
  SignInBegun: { untold: 'nothing has been shown yet' },
  SignInChallenged: { untold: 'half of ChallengeOpened' },
  EnrollmentRequired: { untold: 'the person is at the page that says so' },
  SignInDenied: { untold: 'the person is at the page that says so' },
  SignInReported: { untold: 'a sign-in is its service’s to tell' },
  SignInMessageRefused: { untold: 'who runs it sees it among what is parked' },
  WaitsCleared: { untold: 'gives back what was there; the wait was told' },

  ApiTokenIssued: administrators,
  ApiTokenRevoked: administrators,
  AccessTokenIssued: doubted,
  AccessTokenRevoked: person,
  LoginClaimed: { untold: 'half of LoginChanged' },
  LoginReleased: { untold: 'half of LoginChanged' },
  AccountOpened: { untold: 'the password that is set in it is told' },
  LoginChanged: person,
  PasswordSet: doubted,
  PasswordWithdrawn: person,
  SessionStarted: { untold: 'stands in the security log; told where a recovery code led to it' },
  SessionConfirmed: { untold: 'the person showed again who they are, and nothing changed' },
  SessionEnded: { untold: 'takes nothing from anybody' },
  PasswordRejected: { untold: 'anybody can cause it: strangers could fill the mailbox' },
  PasswordRejectionsSummed: { untold: 'anybody can cause it: strangers could fill the mailbox' },

  DeliveryRequested: { untold: 'the code itself goes out, to the one address that it is for' },
  NoticeClaimed: { untold: 'is a notice' },
  NoticeClaimRenewed: { untold: 'is a notice' },
  NoticeSent: { untold: 'is a notice' },
  NoticeFailed: { untold: 'a notice of it would fail too; it stands in the audit log' },
  NoticeRepudiated: administrators,

  AccessLogged: { untold: 'stands in the audit log: whoever works there looks all day' },
  AccessRefused: { untold: 'stands in the audit log, and nothing came of it' },
} as const satisfies Record<FactType, Told | Untold>;

export type ToldType = {
  [Type in FactType]: (typeof TABLE)[Type] extends Told ? Type : never;
}[FactType];

/** Every fact there is: who is told, or why nobody is. */
export const TOLD: Readonly<Record<FactType, Told | Untold>> = TABLE;

export const TOLD_TYPES = Object.keys(TABLE).filter((type) => 'to' in TABLE[type as FactType]) as ToldType[];
