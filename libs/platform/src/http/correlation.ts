import { randomUUID } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** Ties everything that follows from one outer request together. */
export interface Correlation {
  readonly correlationId: string;
  /** W3C Trace Context, where the caller sent a valid one. */
  readonly traceparent?: string;
}

const TRACEPARENT = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The trace id that the caller sent, else a new id of the same form. */
export function newRequestId(headers: Record<string, string | string[] | undefined>): string {
  return TRACEPARENT.exec(String(headers.traceparent ?? ''))?.[1] ?? randomUUID().replaceAll('-', '');
}

export function correlationOf(request: FastifyRequest): Correlation {
  const traceparent = request.headers.traceparent;
  const valid = typeof traceparent === 'string' && TRACEPARENT.test(traceparent);
  return { correlationId: request.id, ...(valid && { traceparent }) };
}

export const Correlated = createParamDecorator((_: unknown, context: ExecutionContext): Correlation => {
  return correlationOf(context.switchToHttp().getRequest<FastifyRequest>());
});
