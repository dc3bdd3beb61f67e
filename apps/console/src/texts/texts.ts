type Text = string;
type Of<A extends unknown[]> = (...named: A) => string;

/** Everything that pages say, in one language: what a language lacks does not compile. */
export interface Texts {
  /** Its own name. */
  readonly language: Text;
  readonly common: Record<
    | 'continue'
    | 'back'
    | 'cancel'
    | 'copy'
    | 'copied'
    | 'loading'
    | 'signOut'
    | 'skip'
    | 'menu'
    | 'tryAgain'
    | 'account'
    | 'working',
    Text
  >;
  readonly faults: Record<'offline' | 'busy' | 'tooMany' | 'signInAgain' | 'invalid', Text> & {
    readonly locked: Of<[until: string]>;
    readonly unknown: Of<[requestId: string]>;
  };
  readonly signIn: Record<
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
    | 'again',
    Text
  > & { readonly heading: Of<[organisation: string | undefined]> };
  readonly code: Record<
    | 'title'
    | 'thisBrowser'
    | 'over'
    | 'expired'
    | 'tryAnother'
    | 'notYou'
    | 'notYouText'
    | 'notYouButton'
    | 'cancelled'
    | 'signInAgain'
    | 'enter',
    Text
  > & {
    readonly asks: Of<[organisation: string, device: string]>;
    readonly notAccepted: Of<[left: number]>;
    readonly notAcceptedRecovery: Of<[left: number]>;
  };
  readonly totp: Record<
    | 'name'
    | 'label'
    | 'offer'
    | 'connect'
    | 'connectText'
    | 'scan'
    | 'qr'
    | 'pointCamera'
    | 'secretHint'
    | 'open'
    | 'enter'
    | 'unchanged'
    | 'defaultName',
    Text
  > & { readonly hint: Of<[name: string | undefined]> };
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
    | 'tickFirst',
    Text
  > & {
    readonly list: Of<[n: number]>;
    readonly downloaded: Of<[file: string]>;
    readonly sheet: Of<[login: string, organisation: string, made: string]>;
  };
  readonly setUp: Record<
    'title' | 'steps' | 'connect' | 'codes' | 'turnOn' | 'finish' | 'skip' | 'skipText' | 'addApp',
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
    | 'codesNone'
    | 'fewLeft'
    | 'lately',
    Text
  > & {
    readonly nextCodesText: Of<[left: number, total: number]>;
    readonly added: Of<[when: string]>;
    readonly lastUsed: Of<[when: string]>;
    readonly renameTitle: Of<[name: string]>;
    readonly removeTitle: Of<[name: string]>;
    readonly removed: Of<[name: string]>;
    readonly codesLeft: Of<[left: number, total: number]>;
    readonly codesMade: Of<[when: string]>;
  };
}
