import type { Static, TObject, TProperties } from 'typebox';
import type { FactorKind, Parameters, ProofKind } from './factor-kind.ts';

/** What a challenge is for. */
export const PURPOSES = ['sign-in', 're-authentication', 'account-recovery'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** What somebody is worth who has shown it: by a code that stands in for a factor, by a second factor, by one that resists phishing. */
export type Worth = 'code' | '2' | '2pr';

/**
 * Whether answers wait after too many failures: as long as the policy says (`full`), so many milliseconds at most, or never,
 * where nobody could guess. Failures of a method that never waits count towards no wait.
 */
export type Throttle = 'full' | { readonly maxMs: number } | 'never';

/** In which direction a setting makes it easier for an attacker; `changed`: whichever way it changes, it may. */
export type Weaker = 'more' | 'less' | 'changed';

/** A way to prove who one is, as far as everybody needs to know: light, and without a line of how it is checked. */
export interface Method {
  /** Its name in the API, in policies and in events: of lower-case letters and hyphens. */
  readonly type: string;
  /** What people call it, in English. */
  readonly name: string;
  /** What a pass with it adds to `amr` (RFC 8176). */
  readonly amr: readonly string[];
  readonly acr: Worth;
  /** The order of offers: what resists more comes first. */
  readonly strength: number;
  /** What it may be used for at all. */
  readonly purposes: readonly Purpose[];
  readonly throttle: Throttle;
  /** What an answer holds beside `method` and `factorId`; told apart by `method`. */
  readonly answerBody: TProperties;
}

/** A code that stands in for a factor: whoever holds it got it beforehand. */
export interface CodeMethod extends Method {
  load(): Promise<ProofKind>;
}

/** A kind of factor. */
export interface FactorMethod<Settings extends TObject = TObject> extends Method {
  /** Whether a person who has one can switch two-step verification on, and be asked for it first. */
  readonly isSecondFactor: boolean;
  /** What it keeps is made by a slow hash: whoever enrols it holds the pepper. */
  readonly isHashed: boolean;
  /** Sparekey makes its codes and delivers them so. */
  readonly deliversBy?: 'email' | 'sms';
  /** What a domain chooses for it, with defaults and bounds; `enabled` and `usableIfEnrolled` are among it. */
  readonly settings: Settings;
  readonly weaker: { readonly [Name in keyof Static<Settings>]?: Weaker };
  /** Settings that speak for a name on the Internet: until a domain can prove that a name is its own, the operator sets them. */
  readonly ofOperator?: readonly string[];
  /** What is wrong with settings that no schema says. */
  readonly faults?: (settings: object) => readonly { readonly field: string; readonly message: string }[];
  /** Whether one alone is a whole sign-in, two factors in one, of somebody who has said no name: where the domain lets it. */
  readonly isWholeSignIn?: (settings: object) => boolean;
  /** Whether the domain lets one with these parameters be used, where that depends on them. */
  readonly permits?: (settings: object, parameters: Parameters) => boolean;
  /** What adding one takes beside `type` and `name`. */
  readonly enrolBody: TProperties;
  /** What confirming one takes. */
  readonly confirmBody: TProperties;
  /** What the person is shown once when it is added. */
  readonly shown: TProperties;
  /** What a challenge shows of what it asks for, where its kind prepares that. */
  readonly asked?: TProperties;
  load(): Promise<FactorKind>;
}
