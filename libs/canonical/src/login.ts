import { withoutInvisible } from './spelling.ts';

/**
 * A login as people type and paste it: compatibility forms as one (NFKC), without invisible marks and surrounding spaces,
 * and without the scheme of a copied mail link. Case and look-alikes are the business of whoever compares.
 */
export const readLogin = (typed: string): string =>
  withoutInvisible(typed.normalize('NFKC'))
    .trim()
    .replace(/^mailto:/i, '');
