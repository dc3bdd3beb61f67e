import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { inRanges } from '@sparekey/canonical';
import type { FastifyRequest } from 'fastify';
import type { Configuration } from '../configuration.ts';

/** Ties everything that follows from one outer request together. */
export interface Correlation {
  readonly correlationId: string;
  /** W3C Trace Context, where a trusted proxy said it. */
  readonly traceparent?: string;
}

const TRACEPARENT = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** 32 hexadecimal digits, as a trace id has. */
export const newRequestId = (): string => randomUUID().replaceAll('-', '');

/** Names each request: by the trace id that a trusted proxy says, else anew; what others call it stands nowhere. */
export function requestIds(
  trustedProxies: Configuration['trustedProxies'],
): (request: IncomingMessage) => string {
  const isTrusted = inRanges(trustedProxies);
  return ({ headers: { traceparent }, socket }) => {
    const traceId = TRACEPARENT.exec(String(traceparent ?? ''))?.[1];
    return traceId !== undefined && isTrusted(socket.remoteAddress ?? '') ? traceId : newRequestId();
  };
}

/** W3C Trace Context, for the next process that this request goes to. */
export const traceparentOf = (requestId: string): string => `00-${requestId}-${newRequestId().slice(-16)}-01`;

export function correlationOf(request: FastifyRequest): Correlation {
  const traceparent = request.headers.traceparent;
  const isOurs = typeof traceparent === 'string' && TRACEPARENT.exec(traceparent)?.[1] === request.id;
  return { correlationId: request.id, ...(isOurs && { traceparent }) };
}

export const Correlated = createParamDecorator((_: unknown, context: ExecutionContext): Correlation => {
  return correlationOf(context.switchToHttp().getRequest<FastifyRequest>());
});
