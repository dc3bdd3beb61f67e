import { FACTORS } from '@sparekey/factors';
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
const group = <P extends Record<string, Type.TSchema>>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });

/**
 * What a domain chooses, with the default of each choice and the bound that no domain crosses. The bounds follow NIST
 * SP 800-63B-4 and RFC 6238.
 */
export const POLICY_SCHEMA = group({
  factors: group({
    totp: FACTORS.totp.settings,
  }),
  enrollment: group({
    mode: choice('optional', 'required'),
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
});

export type Policy = Static<typeof POLICY_SCHEMA>;

interface Group {
  readonly properties?: Record<string, Group>;
  readonly default?: unknown;
}

function complete(schema: Group, chosen: unknown): unknown {
  if (!schema.properties) return chosen ?? schema.default;
  const inside = (chosen ?? {}) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(schema.properties).map(([name, inner]) => [name, complete(inner, inside[name])]),
  );
}

/** A stored policy with today's defaults where it was stored before a field existed. */
export const completePolicy = (chosen: object): Policy =>
  complete(POLICY_SCHEMA as unknown as Group, chosen) as Policy;

/** Every field at its default: the policy of a new domain. */
export const DEFAULT_POLICY = completePolicy({});

const validator = Compile(POLICY_SCHEMA);

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
  if (validator.Check(policy)) return [];
  const errors = validator.Errors(policy).filter(({ keyword }) => keyword !== 'boolean'); // says nothing by itself
  const faults = errors.map(({ instancePath, keyword, message, params }) => {
    const inner = (params as { additionalProperties?: string[]; requiredProperties?: string[] }) ?? {};
    const path = instancePath.split('/').slice(1);
    const [missing] = inner.requiredProperties ?? inner.additionalProperties ?? [];
    return {
      field: [...path, ...(missing ? [missing] : [])].join('.'),
      message,
      outOfBounds: keyword === 'minimum' || keyword === 'maximum',
    };
  });
  // TypeBox stops after a few errors, and all of them may have been of the kind that says nothing
  return faults.length > 0
    ? faults
    : [{ field: '', message: 'has fields that no policy has', outOfBounds: false }];
}
