import { STATUS_CODES } from 'node:http';
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { PROBLEMS, type ProblemCode } from '@sparekey/contracts';
import { Busy, Refusal, StoreUnavailable } from '@sparekey/event-sourcing';
import { Shredded, TooManyWaiting, VaultUnavailable } from '@sparekey/vault';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';

/** An answer by RFC 9457. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ProblemCode;
  readonly detail?: string;
  /** Finds the request in the log, also from a screenshot. */
  readonly requestId: string;
  readonly [member: string]: unknown;
}

interface Mapped {
  readonly code: ProblemCode;
  readonly details?: Readonly<Record<string, unknown>>;
}

export function problemOf({ code, details }: Mapped, requestId: string): Problem {
  const status = PROBLEMS[code];
  return {
    type: `urn:sparekey:problem:${code}`,
    title: STATUS_CODES[status]!,
    status,
    code,
    ...details,
    requestId,
  };
}

/** What the framework refuses before a handler sees it, by the status it would answer with. */
const BY_STATUS: Partial<Record<number, Mapped>> = {
  400: { code: 'validation-failed', details: { detail: 'the request cannot be read' } },
  404: { code: 'not-found' },
  413: { code: 'too-large' },
  414: { code: 'validation-failed', details: { detail: 'the path is too long' } },
  415: {
    code: 'validation-failed',
    details: { detail: 'the body must be JSON, with Content-Type application/json' },
  },
};

function map(error: unknown): Mapped | undefined {
  if (error instanceof Refusal) return { code: error.code as ProblemCode, details: error.details };
  if (error instanceof Busy || error instanceof TooManyWaiting)
    return { code: 'busy', details: { retryAfter: 1 } };
  if (error instanceof StoreUnavailable) return { code: 'not-ready', details: { retryAfter: 5 } };
  if (error instanceof VaultUnavailable) return { code: 'vault-unavailable', details: { retryAfter: 5 } };
  if (error instanceof Shredded) return { code: 'user-erased' };
  const status =
    error instanceof HttpException ? error.getStatus() : (error as { statusCode?: number })?.statusCode;
  return status === undefined ? undefined : BY_STATUS[status];
}

/** RFC 9470 for a session that is too old or too weak; else just which scheme. */
function authenticateHeader(problem: Problem): string {
  const { code, acrValues, maxAge } = problem as { code: string; acrValues?: string; maxAge?: number };
  if (code !== 'step-up-required') return 'Bearer';
  const acr = acrValues === undefined ? '' : `, acr_values="${acrValues}"`;
  return `Bearer error="insufficient_user_authentication"${acr}, max_age=${String(maxAge)}`;
}

/** A cause is told of once in so many milliseconds; so many causes are remembered. */
const [TELL_EVERY, MOST_CAUSES] = [1_000, 64];

/** The one place where refusals and failures become answers. Failures are logged with their cause, refusals are not. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  /** By cause: since when requests that fail for it are only counted, and how many they are. */
  readonly #told = new Map<string, { readonly at: number; failed: number }>();

  constructor(private readonly logger: Logger) {}

  /** A server that is away fails every request for one reason: it is told once a second, with how many there were. */
  #tell({ requestId, code, status }: Problem, error: unknown): void {
    if (status === 500) return this.logger.error({ requestId, code, err: error }, 'request failed');
    const { message, cause } = error as Error;
    const why = cause instanceof Error ? `${message}: ${cause.message}` : message;
    const last = this.#told.get(why);
    const now = performance.now();
    if (last && now - last.at < TELL_EVERY) return void last.failed++;
    if (this.#told.size > MOST_CAUSES) this.#told.clear();
    this.#told.set(why, { at: now, failed: 0 });
    const more = last && last.failed > 0 ? { before: last.failed } : {};
    this.logger.error({ requestId, code, cause: why, ...more }, 'request failed');
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  answer(error: unknown, request: Pick<FastifyRequest, 'id'>, reply: FastifyReply): void {
    const mapped = map(error) ?? { code: 'internal' };
    const problem = problemOf(mapped, request.id);
    if (problem.status >= 500) this.#tell(problem, error);
    const { retryAfter } = problem as { retryAfter?: number };
    if (retryAfter !== undefined) void reply.header('retry-after', String(retryAfter));
    if (problem.status === 401) void reply.header('www-authenticate', authenticateHeader(problem));
    void reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  }
}
