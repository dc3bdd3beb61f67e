import { parseRecoveryCode, refuse, type Method } from '@sparekey/contracts';
import { factorKind } from '@sparekey/factors';
import type { SlowDigest } from '@sparekey/vault';
import { isUsable, livingCodes, type FactorView, type Guard } from './guards.ts';
import type { Locks } from './locks.ts';
import type { Spent } from './spent.ts';
import type { Verification } from './verification.ts';
import type { VerificationRoom } from './verification.room.ts';

export interface Submitted {
  readonly method: Method;
  readonly factorId?: string;
  readonly code: string;
}

/** The factor that an answer is about: the one it names, else the user's preferred one of that kind. */
export function factorOf(
  { user, domain }: Guard,
  { method, factorId }: Submitted,
  { suspended }: Locks,
): FactorView | undefined {
  if (method === 'recovery-code') return undefined;
  const usable = Object.values(user.factors).filter(
    (factor) => factor.kind === method && isUsable(factor, domain.policy),
  );
  if (factorId !== undefined) return usable.find((factor) => factor.factorId === factorId);
  const free = usable.filter((factor) => !suspended.includes(factor.factorId));
  return free.find((factor) => factor.factorId === user.defaultFactor) ?? free[0] ?? usable[0];
}

/**
 * @returns what the code spends, or nothing where it is not right, whatever is wrong with it
 * @throws Refusal `validation-failed` where it can be no code at all: that costs no try
 */
export function checkCode(
  room: VerificationRoom,
  owner: { readonly domain: string; readonly user: string },
  guard: Guard,
  state: Verification,
  submitted: Submitted,
  at: number,
): Promise<Spent | undefined> {
  if (submitted.method === 'recovery-code') return checkRecoveryCode(room, owner, guard, submitted.code);
  return checkFactor(room, owner, guard, state, submitted, at);
}

async function checkFactor(
  room: VerificationRoom,
  { domain, user }: { readonly domain: string; readonly user: string },
  guard: Guard,
  state: Verification,
  submitted: Submitted,
  at: number,
): Promise<Spent | undefined> {
  const factor = factorOf(guard, submitted, state.locks);
  const kind = factor && factorKind(factor.kind);
  if (!factor || !kind || submitted.method === 'recovery-code') return undefined;
  const { factorId, parameters, confirmedStep = -1 } = factor;
  const code = kind.read(submitted.code, parameters);
  if (code === undefined) throw refuseNoCode();
  const afterStep = Math.max(confirmedStep, state.ledger.lastSteps[factorId] ?? -1);
  const checked = kind.check({
    settings: guard.domain.policy.factors[submitted.method],
    parameters,
    secret: await room.secret(domain, user, factor),
    code,
    now: at,
    afterStep: afterStep < 0 ? undefined : afterStep,
  });
  return checked.accepted ? { method: submitted.method, factorId, step: checked.step } : undefined;
}

const refuseNoCode = () =>
  refuse('validation-failed', { errors: [{ field: 'code', message: 'can be no code of this kind' }] });

/** One hash whatever the code is: the number picks the one digest to compare with, an unknown one costs the same. */
async function checkRecoveryCode(
  room: VerificationRoom,
  owner: { readonly domain: string; readonly user: string },
  guard: Guard,
  typed: string,
): Promise<Spent | undefined> {
  const { vault, slowHash } = room.ports;
  const codes = livingCodes(guard);
  const code = parseRecoveryCode(typed);
  if (!code) throw refuseNoCode();
  let digest: SlowDigest | undefined;
  if (codes) {
    const context = { eventId: codes.digests.eventId, field: 'digests' };
    const digests = JSON.parse(
      await vault.open(owner, 'codes', codes.digests.value, context),
    ) as SlowDigest[];
    digest = digests[code.number - 1];
  }
  const turn = { lane: 'answer', asker: `${owner.domain}.${owner.user}` } as const;
  const matches = await slowHash.matches(code.symbols, digest, turn);
  return matches && codes
    ? { method: 'recovery-code', batchId: codes.batchId, index: code.number }
    : undefined;
}
