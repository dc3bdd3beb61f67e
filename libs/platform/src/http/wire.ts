import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { newRequestId } from './correlation.ts';

/** The longest body, in bytes. */
export const BODY_LIMIT = 65_536;

/** Until head and body of a request have arrived, in milliseconds: nobody holds a connection with half of one. */
const HEAD_MS = 10_000;
const REQUEST_MS = 15_000;
const SWEEP_MS = 1_000;

/**
 * Path and query, in whatever form they come (RFC 9112 section 3.2): the authority of an absolute form takes the place of
 * `Host`, and the asterisk of `OPTIONS *` is a path that nothing answers to.
 */
function originForm({ url = '/', headers }: Pick<IncomingMessage, 'url' | 'headers'>): string {
  if (url.startsWith('/')) return url;
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return '/*';
  const { host, pathname, search } = new URL(url);
  headers.host = host;
  return pathname + search;
}

/** Methods that something answers to here; others are refused as such (RFC 9110 section 15.5.6). */
export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
export const ALLOW = METHODS.join(', ');

const STATUSES: Partial<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};

/** What comes over the wire is no request, or not in time: there is no handler to ask (RFC 9457 section 4.2.1). */
function answerUnreadable(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const status = STATUSES[error.code ?? ''] ?? 400;
  const problem = { type: 'about:blank', title: STATUS_CODES[status], status, requestId: newRequestId() };
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}

/** How requests are read off the wire, by one process, by each service and by the gateway alike: options of Fastify. */
export const wire = {
  bodyLimit: BODY_LIMIT,
  requestTimeout: REQUEST_MS,
  http: { headersTimeout: HEAD_MS, connectionsCheckingInterval: SWEEP_MS },
  rewriteUrl: originForm,
  clientErrorHandler: answerUnreadable,
} as const;
