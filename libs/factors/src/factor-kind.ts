/** What a kind keeps with each enrolled factor, in clear: enough to check it, whatever the policy says later. */
export type Parameters = Readonly<Record<string, string | number>>;

/** Fields of a request as its descriptor says; checked by then. */
export type Fields = Readonly<Record<string, unknown>>;

/** What the domain chose. */
export type Settings = Readonly<Record<string, unknown>>;

/** Whom an authenticator deals with (WebAuthn §4), and on which pages. */
export interface RelyingParty {
  readonly id: string;
  readonly origins: readonly string[];
}

/** Something of a kind that a person has. */
export interface HeldFactor {
  readonly parameters: Parameters;
  readonly secret: string | undefined;
}

export interface EnrolInput {
  /** That of the public address. */
  readonly relyingParty: RelyingParty;
  /** What authenticators call this person: 32 bytes that say nothing about anybody, base64url. */
  readonly userHandle: string;
  readonly settings: Settings;
  /** What was sent beside `type` and `name`. */
  readonly body: Fields;
  /** Fresh from a cryptographic source; as many bytes as `secretBytes` says. */
  readonly randomBytes: Uint8Array;
  /** Who asks for it, as the person knows it. */
  readonly issuer: string;
  /** Whose account it is, as the person knows it. */
  readonly account: string;
  /** What they have of this kind. */
  readonly held: () => Promise<readonly HeldFactor[]>;
}

/** A code on its way to the person, by the channel of its method. It counts until `seconds` are over. */
export interface CodeDelivery {
  readonly to: string;
  readonly code: string;
  readonly seconds: number;
}

export interface Enrolment {
  /** To be sealed; opened only for a check. Nothing where it is known only when it is confirmed. */
  readonly secret?: string;
  /** What confirming it is compared with, such as a challenge: sealed, and dead with the pending factor. */
  readonly expected?: string;
  /** Goes out at once; unless it is confirmed in time, the factor dies with it. */
  readonly deliver?: CodeDelivery;
  readonly parameters: Parameters;
  /** Shown to the person once, with the answer that adds the factor, and never again. */
  readonly shown: Fields;
}

/** What has been consumed of a held thing before. */
export interface Consumed {
  /** A counter or a time step: everything up to it. */
  readonly through?: number;
  /** Single uses, by number. */
  readonly items?: readonly number[];
}

/** What an accepted answer consumes: everything up to a number, one of several items, or nothing. */
export type Consumes =
  { readonly through: number } | { readonly item: number } | Readonly<Record<never, never>>;

export interface CheckInput {
  /** What the domain chose for this kind; nothing of a code's. */
  readonly settings: Settings;
  readonly parameters: Parameters;
  /** Nothing where nobody has such a thing: a kind of code spends as much on it, and rejects it. */
  readonly secret: string | undefined;
  /** What was sent beside the method. */
  readonly answer: Fields;
  /** What {@link ProofKind.preparation} made for this challenge, where it did. */
  readonly expected: string | undefined;
  readonly consumed: Consumed;
  /** As enrolment was given it for this person. */
  readonly userHandle: string;
  /** Unix milliseconds. */
  readonly now: number;
}

/** `expected`: as enrolment made it; `secret` too, if it did. */
export type ConfirmInput = Omit<CheckInput, 'consumed' | 'userHandle'>;

/** `malformed`: it can be no answer of this kind, whatever is held; no try is spent on it. */
export type Checked =
  | {
      readonly outcome: 'accepted';
      readonly consumes: Consumes;
      /** What it adds to `amr`, where that depends on the answer. */
      readonly amr?: readonly string[];
      /** What changed of the factor's parameters. */
      readonly learned?: Parameters;
    }
  /** `cloned`: it is right, but for a counter that did not rise: there may be a copy of it. */
  | { readonly outcome: 'rejected'; readonly suspicion?: 'cloned' }
  | { readonly outcome: 'malformed'; readonly field: string };

/** What is known of a factor only now is kept with it. `claim`: may be held once in all, such as a credential id. `name`: where the person gave none. */
export type Confirmed = Checked & {
  readonly secret?: string;
  readonly parameters?: Parameters;
  readonly claim?: string;
  readonly name?: string;
};

/** What is published of authenticators by their makers, such as FIDO's metadata. */
export interface Models {
  isKnown(aaguid: string): boolean;
  isCompromised(aaguid: string): boolean;
  /** Whether these certificates (DER, the authenticator's first) are of the maker of this model. @param at Unix milliseconds */
  vouchesFor(aaguid: string, certificates: readonly Uint8Array[], at: number): boolean;
}

/** What is passed in, so that kinds stay pure. */
export interface Tools {
  /** What a slow hash keeps of a text, for `matches`. */
  readonly digest: (text: string) => Promise<unknown>;
  /** By a slow hash, in constant time; an unknown digest costs as much and matches nothing. */
  readonly matches: (text: string, digest: unknown) => Promise<boolean>;
  /** Where the operator has a file of them. */
  readonly models?: Models;
}

export interface PrepareInput {
  readonly settings: Settings;
  /** That of the public address. */
  readonly relyingParty: RelyingParty;
  /**
   * Everything of this kind that the user may answer with; of a method that delivers, the one to which it does. Nothing where
   * the answer itself is to say who it is.
   */
  readonly held: readonly HeldFactor[];
  readonly randomBytes: Uint8Array;
}

/** What a challenge asks for: shown to whoever answers it, and what the answer is compared with. */
export interface Prepared {
  readonly shown: Fields;
  readonly expected: string;
  /** Goes out at once; `expected` counts no longer than it. */
  readonly deliver?: CodeDelivery;
}

/** How a proof is checked: pure functions over what they are given. No clock, no randomness, no storage, no framework. */
export interface ProofKind {
  /** What a challenge asks for, made anew whenever it is asked; from as many random bytes. */
  readonly preparation?: {
    readonly randomBytes: number;
    prepare(input: PrepareInput): Prepared | Promise<Prepared>;
  };
  /** Where an answer shows by itself which one it is of: whether it is of the one with these parameters. */
  identify?(answer: Fields, parameters: Parameters): boolean | Promise<boolean>;
  check(input: CheckInput, tools: Tools): Checked | Promise<Checked>;
}

/** One kind of factor: a new one is a folder and a line in the registry. */
export interface FactorKind extends ProofKind {
  /** Random bytes that enrolling takes. */
  readonly secretBytes: number;
  enrol(input: EnrolInput, tools: Tools): Enrolment | Promise<Enrolment>;
  confirm(input: ConfirmInput, tools: Tools): Confirmed | Promise<Confirmed>;
  /** Where an answer can say by itself who it is: the claim of the factor that it is of. */
  claimOf?(answer: Fields): string;
  /** PEM of the authorities under which what is published of models is signed. */
  modelAuthorities?(): readonly string[];
  /** What authenticators may go on keeping of what a person holds, in the form that browsers take. */
  accepted?(
    held: readonly HeldFactor[],
    settings: Settings,
    relyingParty: RelyingParty,
    userHandle: string,
  ): Fields;
}
