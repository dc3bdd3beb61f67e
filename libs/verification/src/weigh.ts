import { ACR_OF, type Acr, type Purpose } from '@sparekey/contracts';
import { methodOf } from '@sparekey/factors';
import type { Proof } from './proof.ts';

/** What has been proven so far is worth this; `more`: it does not suffice yet. */
export type Weighed = 'more' | { readonly acr: Acr; readonly amr: readonly string[] };

/**
 * What the proofs of a challenge are worth, for sign-in and step-up: one that counts for the purpose is enough. A method that is
 * gone from the program, or does not count for the purpose, proves nothing.
 *
 * @param first what the service says of the first step (RFC 8176)
 */
export function weigh(
  purpose: Purpose,
  proofs: readonly Pick<Proof, 'method'>[],
  first: readonly string[],
): Weighed {
  const methods = proofs.flatMap(({ method }) => methodOf(method) ?? []);
  const strongest = methods
    .filter(({ purposes }) => purposes.includes(purpose))
    .toSorted((a, b) => b.strength - a.strength)[0];
  if (!strongest) return 'more';
  const second = methods.flatMap(({ amr }) => amr);
  const all = [...new Set([...first, ...second])];
  const amr = first.length > 0 && second.length > 0 && !all.includes('mfa') ? [...all, 'mfa'] : all;
  return { acr: ACR_OF[strongest.acr], amr };
}
