import { Refusal } from '@sparekey/event-sourcing';
import type { FastifyRequest } from 'fastify';

/** Whether a person's browser came here by itself, for a session in a cookie: it is shown pages, and programs get JSON. */
export const isBrowserOnItsWay = ({ headers: { accept = '' } }: FastifyRequest): boolean =>
  accept.includes('text/html');

interface Next {
  readonly decision: string;
  readonly challenge?: { readonly challengeId: string };
}

/** The page on which a sign-in through a provider goes on; what is secret stands in the fragment, which no browser sends. */
export function pageAfter(domain: string, { decision, challenge }: Next): string {
  if (decision === 'enroll') return '/set-up';
  return `/sign-in/${domain}#${challenge ? challenge.challengeId : 'signed-in'}`;
}

/** @throws what is no refusal */
export function pageAfterRefusal(domain: string | undefined, error: unknown): string {
  if (!(error instanceof Refusal)) throw error;
  return `/sign-in${domain === undefined ? '' : `/${domain}`}#provider-refused`;
}
