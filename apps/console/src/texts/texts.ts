type Text = string;
type Of<A extends unknown[]> = (...named: A) => string;

/** Everything that pages say, in one language: what a language lacks does not compile. */
export interface Texts {
  /** Its own name. */
  readonly language: Text;
  readonly common: Record<
    | 'continue'
    | 'cancel'
    | 'copy'
    | 'copied'
    | 'notCopied'
    | 'loading'
    | 'signOut'
    | 'skip'
    | 'menu'
    | 'tryAgain'
    | 'account'
    | 'working'
    | 'updated',
    Text
  >;
  readonly faults: Record<
    'offline' | 'busy' | 'tooMany' | 'invalid' | 'forbidden' | 'notShown' | 'notFound',
    Text
  > & {
    readonly locked: Of<[until: string]>;
    readonly lockedBriefly: Of<[seconds: number]>;
    readonly unknown: Of<[requestId: string]>;
  };
  readonly signIn: Record<
    | 'off'
    | 'title'
    | 'organisation'
    | 'organisationHint'
    | 'login'
    | 'password'
    | 'show'
    | 'hide'
    | 'button'
    | 'refused'
    | 'ended'
    | 'again'
    | 'other'
    | 'or'
    | 'providerRefused',
    Text
  > & {
    readonly heading: Of<[organisation: string | undefined]>;
    readonly through: Of<[provider: string]>;
  };
  readonly code: Record<
    | 'title'
    | 'over'
    | 'closed'
    | 'expired'
    | 'tryAnother'
    | 'closedTitle'
    | 'closedText'
    | 'worksNow'
    | 'signInAgain'
    | 'tryNow'
    | 'closedBefore'
    | 'helpDesk'
    | 'notYou'
    | 'notYouText'
    | 'notYouButton'
    | 'cancelled',
    Text
  > & {
    readonly asks: Of<[organisation: string]>;
    readonly opensAt: Of<[time: string]>;
    readonly signInAgainAt: Of<[time: string]>;
    readonly opens: Of<[time: string]>;
    readonly timeLeft: Of<[minutes: number]>;
    readonly notAccepted: Of<[left: number]>;
    readonly notAcceptedRecovery: Of<[left: number]>;
  };
  readonly totp: {
    readonly enter: Of<[digits: number]>;
    readonly hint: Of<[name: string | undefined]>;
  } & Record<
    | 'name'
    | 'label'
    | 'offer'
    | 'choose'
    | 'connect'
    | 'connectText'
    | 'scan'
    | 'qr'
    | 'pointCamera'
    | 'secretHint'
    | 'open'
    | 'unchanged'
    | 'runOut'
    | 'newSecret'
    | 'tooMany'
    | 'defaultName',
    Text
  >;
  readonly recoveryCode: Record<
    | 'name'
    | 'label'
    | 'hint'
    | 'offer'
    | 'save'
    | 'saveText'
    | 'download'
    | 'print'
    | 'saved'
    | 'savedHint'
    | 'savedByDoing'
    | 'printed'
    | 'tickFirst',
    Text
  > & {
    readonly list: Of<[n: number]>;
    readonly replaces: Of<[left: number]>;
    readonly downloaded: Of<[file: string]>;
    readonly sheet: Of<[login: string, organisation: string, made: string]>;
  };
  readonly setUp: Record<
    | 'title'
    | 'steps'
    | 'connect'
    | 'codes'
    | 'turnOn'
    | 'finish'
    | 'skip'
    | 'skipText'
    | 'addMethod'
    | 'choose'
    | 'chooseText'
    | 'nothing'
    | 'another'
    | 'connectAgain'
    | 'haveCodes',
    Text
  > & {
    readonly deadline: Of<[when: string]>;
  };
  readonly security: Record<
    | 'title'
    | 'lead'
    | 'on'
    | 'off'
    | 'onSafe'
    | 'onAlone'
    | 'onUnsaved'
    | 'offText'
    | 'nextSetUp'
    | 'nextSetUpText'
    | 'setUp'
    | 'nextCodes'
    | 'nextCodesNone'
    | 'makeCodes'
    | 'methods'
    | 'add'
    | 'byCode'
    | 'rolesWait'
    | 'none'
    | 'askedFirst'
    | 'suspended'
    | 'neverUsed'
    | 'rename'
    | 'nameLabel'
    | 'remove'
    | 'removeText'
    | 'keep'
    | 'removeButton'
    | 'makeDefault'
    | 'lastOne'
    | 'codes'
    | 'fewLeft',
    Text
  > & {
    readonly nextCodesText: Of<[left: number, total: number]>;
    readonly added: Of<[when: string]>;
    readonly lastUsed: Of<[when: string]>;
    readonly renameTitle: Of<[name: string]>;
    readonly removeTitle: Of<[name: string]>;
    readonly codesLeft: Of<[left: number, total: number]>;
    readonly codesMade: Of<[when: string]>;
    readonly renamed: Of<[name: string]>;
    readonly removed: Of<[name: string]>;
    readonly madeDefault: Of<[name: string]>;
  };
  readonly lately: Record<'title' | 'aMethod', Text> & {
    readonly all: Text;
    readonly used: Of<[name: string, service: string]>;
    readonly recoveryCodeUsed: Of<[number: number]>;
    readonly added: Of<[name: string]>;
    readonly removed: Of<[name: string]>;
    readonly suspended: Of<[name: string]>;
    /** By action of the audit log, where there is nothing to name. */
    readonly plain: Record<
      | 'code.rejected'
      | 'session.started'
      | 'two-step.enabled'
      | 'two-step.disabled'
      | 'recovery-codes.generated'
      | 'password.set'
      | 'password.withdrawn'
      | 'contacts.changed'
      | 'login.changed'
      | 'wait.started'
      | 'access-token.issued'
      | 'access-token.revoked',
      Text
    >;
  };
}
