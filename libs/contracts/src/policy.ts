import { DATE_TIME_PATTERN, isDateTime } from '@sparekey/canonical';
import {
  factorMethod,
  FACTORS,
  methodOf,
  factorMethods,
  type Parameters,
  type Purpose,
  type Weaker,
} from '@sparekey/factors';
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';

const bounded = (standard: number, minimum: number, maximum: number) =>
  Type.Integer({ default: standard, minimum, maximum });
const choice = <const Words extends readonly string[]>(...words: Words) =>
  Type.Unsafe<Words[number]>(
    Type.Union(
      words.map((text) => Type.Literal(text)),
      { default: words[0] },
    ),
  );
/** What each kind of factor leaves to a domain, by its name. */
const factorSettings = Object.fromEntries(factorMethods().map(({ type, settings }) => [type, settings])) as {
  [Type in keyof typeof FACTORS]: (typeof FACTORS)[Type]['settings'];
};

const group = <P extends Record<string, Type.TSchema>>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });

/**
 * What a domain chooses, with the default of each choice and the bound that no domain crosses. The bounds follow NIST
 * SP 800-63B-4 and RFC 6238.
 */
export const POLICY_SCHEMA = group({
  factors: group(factorSettings),
  enrollment: group({
    mode: choice('optional', 'required'),
    /** With `required`: until then it may still be put off (RFC 3339). */
    requiredFrom: Type.Optional(Type.String({ pattern: DATE_TIME_PATTERN })),
    /** With `required`: days that a user has from that moment, or from their registration where that is later. */
    graceDays: bounded(0, 0, 90),
  }),
  /** Factors a user may have, pending ones too. */
  maxFactors: bounded(10, 1, 20),
  recoveryCodes: group({
    count: bounded(16, 8, 16),
    lowThreshold: bounded(4, 1, 15),
  }),
  challenge: group({
    seconds: bounded(300, 60, 600),
    attempts: bounded(5, 1, 10),
  }),
  /** After `after` failures in a row answers wait `seconds`, then `factor` times as long after each further one. */
  waits: group({
    after: bounded(10, 1, 20),
    seconds: bounded(60, 30, 3_600),
    factor: bounded(2, 1, 10),
    maxSeconds: bounded(86_400, 60, 86_400),
  }),
  /** Of the reference sign-in service. */
  sessions: group({
    idleMinutes: bounded(60, 5, 1_440),
    maxHours: bounded(24, 1, 720),
  }),
  passwords: group({
    /** NIST SP 800-63B-4 §3.1.1.2: 15 where a password may be all that is asked for, 8 beside a second factor. */
    minLength: bounded(15, 8, 64),
  }),
  accessTokens: group({
    maxDays: bounded(90, 1, 366),
  }),
});

export type Policy = Static<typeof POLICY_SCHEMA>;

/** What the domain chose for a kind of factor; nothing where there is no such kind. */
export function settingsOf({ factors }: Policy, type: string) {
  return factorMethod(type) && settingsIn(factors, type);
}

const settingsIn = (factors: Policy['factors'], type: string) => factors[type as keyof Policy['factors']];

/** Whether a method, once it is held, passes challenges of this purpose: it is there, and both it and the policy say so. */
export function countsFor(
  policy: Policy,
  type: string,
  purpose: Purpose,
  parameters: Parameters = {},
): boolean {
  if (!methodOf(type)?.purposes.includes(purpose)) return false;
  const method = factorMethod(type);
  if (!method) return true;
  const settings = settingsOf(policy, type)!;
  const isPermitted = method.permits?.(settings, parameters) ?? true;
  return isPermitted && (settings.enabled || settings.usableIfEnrolled);
}

/** Whether one of this kind alone is a whole sign-in here, of somebody who has said no name. */
export function isWholeSignIn(policy: Policy, type: string): boolean {
  const settings = settingsOf(policy, type);
  if (!settings || !countsFor(policy, type, 'sign-in')) return false;
  return factorMethod(type)?.isWholeSignIn?.(settings) ?? false;
}

interface Group {
  readonly properties?: Record<string, Group>;
  readonly default?: unknown;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is not chosen takes its default; what is chosen stays, be it right or wrong. */
function complete(schema: Group, chosen: unknown): unknown {
  if (!schema.properties) return chosen === undefined ? schema.default : chosen;
  if (chosen !== undefined && !isObject(chosen)) return chosen;
  const entries = Object.entries(schema.properties)
    .map(([name, inner]) => [name, complete(inner, chosen?.[name])] as const)
    .filter(([, value]) => value !== undefined); // optional, and not chosen
  return { ...chosen, ...Object.fromEntries(entries) };
}

/** A policy with today's defaults where nothing is chosen, or where it was stored before a field existed. */
export const completePolicy = (chosen: object): Policy =>
  complete(POLICY_SCHEMA as unknown as Group, chosen) as Policy;

/** Every field at its default: the policy of a new domain. */
export const DEFAULT_POLICY = completePolicy({});

const validator = Compile(POLICY_SCHEMA);
const NO_DATE_TIME = 'is not a valid date-time';

/** A field of a policy that cannot stand. */
export interface PolicyFault {
  /** Such as `waits.after`. */
  readonly field: string;
  readonly message: string;
  /** Of the right kind, but beyond what any domain may choose. */
  readonly outOfBounds: boolean;
}

/** What is wrong with a policy; nothing where it can stand. */
export function policyFaults(policy: unknown): PolicyFault[] {
  if (validator.Check(policy)) return contradictions(policy);
  const errors = validator.Errors(policy).filter(({ keyword }) => keyword !== 'boolean'); // says nothing by itself
  const faults = errors.map(({ instancePath, keyword, message, params }) => {
    const inner = (params as { additionalProperties?: string[]; requiredProperties?: string[] }) ?? {};
    const path = instancePath.split('/').slice(1);
    const [missing] = inner.requiredProperties ?? inner.additionalProperties ?? [];
    return {
      field: [...path, ...(missing ? [missing] : [])].join('.'),
      message: keyword === 'pattern' && path.at(-1) === 'requiredFrom' ? NO_DATE_TIME : message,
      outOfBounds: keyword === 'minimum' || keyword === 'maximum',
    };
  });
  // TypeBox stops after a few errors, and all of them may have been of the kind that says nothing
  return faults.length > 0
    ? faults
    : [{ field: '', message: 'has fields that no policy has', outOfBounds: false }];
}

/** What no schema says: moments exist, and whoever must enrol can. */
function contradictions({ enrollment, factors }: Policy): PolicyFault[] {
  const ofFactors = factorMethods().flatMap(({ type, faults }) =>
    (faults?.(settingsIn(factors, type)) ?? []).map(({ field, message }) => ({
      field: `factors.${type}.${field}`,
      message,
      outOfBounds: false,
    })),
  );
  if (ofFactors.length > 0) return ofFactors;
  if (enrollment.requiredFrom !== undefined && !isDateTime(enrollment.requiredFrom))
    return [{ field: 'enrollment.requiredFrom', message: NO_DATE_TIME, outOfBounds: false }];
  if (
    enrollment.mode === 'optional' ||
    Object.entries(factors).some(([type, { enabled }]) => enabled && factorMethod(type)?.isSecondFactor)
  )
    return [];
  const message = 'must not be required while no factor can be enrolled';
  return [{ field: 'enrollment.mode', message, outOfBounds: true }];
}

type Path = readonly string[];
const paths = (...names: string[]): Path[] => names.map((name) => name.split('.'));
/** Settings of kinds of factor of which more, or less, is weaker. */
const ofFactors = (direction: Weaker): string[] =>
  factorMethods().flatMap(({ type, weaker }) =>
    Object.entries(weaker)
      .filter(([, which]) => which === direction)
      .map(([name]) => `factors.${type}.${name}`),
  );
const MORE_IS_WEAKER = paths(
  ...ofFactors('more'),
  'enrollment.graceDays',
  'challenge.seconds',
  'challenge.attempts',
  'waits.after',
  'sessions.idleMinutes',
  'sessions.maxHours',
  'accessTokens.maxDays',
);
const LESS_IS_WEAKER = paths(
  ...ofFactors('less'),
  'waits.seconds',
  'waits.factor',
  'waits.maxSeconds',
  'passwords.minLength',
);

const MAY_BE_WEAKER = paths(...ofFactors('changed'));

const at = (policy: Policy, path: Path) =>
  path.reduce<unknown>((inside, name) => (inside as Record<string, unknown>)[name], policy) as number;

/** From when on two-step verification is required at the earliest; infinity where it is not. */
const requiredFrom = ({ mode, requiredFrom }: Policy['enrollment']): number =>
  mode === 'optional' ? Infinity : requiredFrom === undefined ? 0 : Date.parse(requiredFrom);

/** Whether anything is easier for an attacker under the second policy than it is under the first. */
export function isWeaker(before: Policy, after: Policy): boolean {
  return (
    requiredFrom(after.enrollment) > requiredFrom(before.enrollment) ||
    MORE_IS_WEAKER.some((path) => at(after, path) > at(before, path)) ||
    LESS_IS_WEAKER.some((path) => at(after, path) < at(before, path)) ||
    MAY_BE_WEAKER.some((path) => JSON.stringify(at(after, path)) !== JSON.stringify(at(before, path)))
  );
}

/** Whether the second policy speaks for other names on the Internet than the first. */
export function namesOthers(before: Policy, after: Policy): boolean {
  return factorMethods().some(({ type, ofOperator = [] }) =>
    ofOperator.some((name) => {
      const path = ['factors', type, name];
      return JSON.stringify(at(after, path)) !== JSON.stringify(at(before, path));
    }),
  );
}

const DAY = 86_400_000;

/**
 * Until when a user may put two-step verification off (Unix milliseconds); infinity where it is optional, a moment in
 * the past where it is required now.
 */
export function enrollmentDeadline({ enrollment }: Policy, registeredAt: number): number {
  if (enrollment.mode === 'optional') return Infinity;
  const { graceDays } = enrollment;
  if (enrollment.requiredFrom === undefined && graceDays === 0) return 0;
  return Math.max(requiredFrom(enrollment), registeredAt) + graceDays * DAY;
}
