import type { Static, TObject, TProperties } from 'typebox';
import type { FactorKind, ProofKind } from './factor-kind.ts';

/** What a challenge is for. */
export const PURPOSES = ['sign-in', 're-authentication', 'account-recovery'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** What somebody is worth who has shown it: by a code that stands in for a factor, or by a second factor. */
export type Worth = 'code' | '2';

/**
 * Whether answers wait after too many failures: as long as the policy says (`full`), so many milliseconds at most, or never,
 * where nobody could guess. Failures of a method that never waits count towards no wait.
 */
export type Throttle = 'full' | { readonly maxMs: number } | 'never';

/** In which direction a setting makes it easier for an attacker. */
export type Weaker = 'more' | 'less';

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
  /** What adding one takes beside `type` and `name`. */
  readonly enrolBody: TProperties;
  /** What confirming one takes. */
  readonly confirmBody: TProperties;
  /** What the person is shown once when it is added. */
  readonly shown: TProperties;
  load(): Promise<FactorKind>;
}
