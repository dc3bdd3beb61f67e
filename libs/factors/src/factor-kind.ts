import type { Static, TObject } from 'typebox';

/** What a kind keeps with each enrolled factor, in clear: enough to check it, whatever the policy says later. */
export type Parameters = Readonly<Record<string, string | number>>;

export interface EnrolInput<Settings> {
  readonly settings: Settings;
  /** Fresh from a cryptographic source; as many bytes as `secretBytes` says. */
  readonly randomBytes: Uint8Array;
  /** Who asks for the code, as the person knows it. */
  readonly issuer: string;
  /** Whose account it is, as the person knows it. */
  readonly account: string;
}

export interface Enrolment {
  /** To be sealed; opened only for a check. */
  readonly secret: string;
  readonly parameters: Parameters;
  /** Shown to the person once, with the answer that adds the factor, and never again. */
  readonly shown: Readonly<Record<string, string>>;
}

export interface CheckInput<Settings> {
  readonly settings: Settings;
  readonly parameters: Parameters;
  readonly secret: string;
  /** As {@link FactorKind.read} read it. */
  readonly code: string;
  /** Unix milliseconds. */
  readonly now: number;
  /** The last time step that was accepted, from which on backwards none is. */
  readonly afterStep: number | undefined;
}

/** `step` is to be remembered: it is spent. */
export type Checked = { readonly accepted: true; readonly step: number } | { readonly accepted: false };

/**
 * One kind of factor: pure functions over what they are given. No clock, no randomness, no storage, no framework;
 * a new kind is a folder with one of these and a line in the registry.
 */
export interface FactorKind<Schema extends TObject = TObject> {
  /** Its name in the API, in policies and in events. */
  readonly type: string;
  /** What a pass with it adds to `amr` (RFC 8176). */
  readonly amr: readonly string[];
  /** Whether an attacker could guess: then attempts are counted and waits close it. */
  readonly guessable: boolean;
  /** What a domain may choose for it, with defaults and bounds. */
  readonly settings: Schema;
  readonly secretBytes: number;
  enrol(input: EnrolInput<Static<Schema>>): Enrolment;
  /**
   * Reads a code as people type and paste it.
   * @returns nothing where it can be no code of this factor, so that no try needs to be spent on it
   */
  read(typed: string, parameters: Parameters): string | undefined;
  check(input: CheckInput<Static<Schema>>): Checked;
}
