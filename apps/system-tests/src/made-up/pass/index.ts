import type { CodeMethod } from '@sparekey/factors';
import Type from 'typebox';

/** A code that no release has, which its holder may use several times. */
export const pass = {
  type: 'made-up-pass',
  name: 'Made-up pass',
  amr: [],
  acr: 'code',
  strength: 1,
  purposes: ['sign-in'],
  throttle: 'never',
  answerBody: { code: Type.String() },
  load: async () => ({
    check({ secret, answer, consumed: { items = [] } }) {
      if (answer.code !== secret) return { outcome: 'rejected' };
      return { outcome: 'accepted', consumes: { item: items.length } };
    },
  }),
} as const satisfies CodeMethod;
