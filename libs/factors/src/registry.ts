import type { ProofKind } from './factor-kind.ts';
import type { CodeMethod, FactorMethod, Method } from './method.ts';
import { recoveryCode } from './recovery-code/index.ts';
import { totp } from './totp/index.ts';
import { webauthn } from './webauthn/index.ts';

/** Every kind of factor there is, by its name. */
export const FACTORS = { totp, webauthn };
/** Codes that stand in for a factor. */
export const CODES = { 'recovery-code': recoveryCode };

export type FactorType = keyof typeof FACTORS;
export type MethodType = FactorType | keyof typeof CODES;

export const factorTypes = (): FactorType[] => Object.keys(FACTORS) as FactorType[];
export const factorMethods = (): FactorMethod[] => Object.values(FACTORS);
export const methodTypes = (): MethodType[] => [
  ...factorTypes(),
  ...(Object.keys(CODES) as (keyof typeof CODES)[]),
];

const find = <M>(methods: Readonly<Record<string, M>>, type: string): M | undefined =>
  Object.hasOwn(methods, type) ? methods[type] : undefined;

/** @returns nothing where there is no such kind (any more) */
export const factorMethod = (type: string): FactorMethod | undefined => find<FactorMethod>(FACTORS, type);

/** @returns nothing where there is no such method (any more) */
export const methodOf = (type: string): Method | undefined =>
  factorMethod(type) ?? find<CodeMethod>(CODES, type);

const loaded = new Map<string, ProofKind>();

/** How it is checked: loaded when it is first asked for. @returns nothing where there is no such method (any more) */
export function proofKind(type: string): ProofKind | Promise<ProofKind | undefined> {
  return loaded.get(type) ?? load(type);
}

async function load(type: string): Promise<ProofKind | undefined> {
  const kind = await (factorMethod(type) ?? find<CodeMethod>(CODES, type))?.load();
  if (kind) loaded.set(type, kind);
  return kind;
}
