import { PAGES } from '@sparekey/console';
import replyFrom from '@fastify/reply-from';
import { SERVICES, type ServiceName } from '@sparekey/hosting';
import {
  addressReader,
  ALLOW,
  boundBodies,
  createLogger,
  hostGuard,
  METHODS,
  requestIds,
  traceparentOf,
  wire,
  readiness,
  servePages,
} from '@sparekey/platform';
import {
  fastify,
  LogController,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { request as get } from 'undici';
import type { GatewayConfiguration } from './configuration.ts';
import { mergeDescriptions, type Description } from './descriptions.ts';
import { serviceFor } from './routes.ts';

const ASK_MS = 5_000;

/**
 * One address of many services. It keeps nothing and decides nothing. A body is read whole before a connection to a service
 * is taken for it: who sends slowly keeps nobody else waiting.
 */
export function createGateway(configuration: GatewayConfiguration): FastifyInstance {
  const { publicUrl, internalUrl, upstreams, logLevel } = configuration;
  const addressOf = addressReader(configuration);
  const isOurs = hostGuard(publicUrl, ...(internalUrl === undefined ? [] : [internalUrl]));
  const gateway = fastify({
    loggerInstance: createLogger(logLevel, { service: 'gateway' }),
    logController: new LogController({ disableRequestLogging: true }), // each service logs what it answers
    ...wire,
    frameworkErrors: (error, request, reply) => refused(error, request, reply as FastifyReply),
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 1_024 },
    genReqId: requestIds(configuration.trustedProxies),
  }) as unknown as FastifyInstance;
  const { host: publicHost, protocol } = new URL(publicUrl);
  const scheme = protocol.slice(0, -1);
  const turns = new Map<ServiceName, number>();
  const upstream = (service: ServiceName): string => {
    const origins = upstreams.get(service)!;
    const turn = turns.get(service) ?? 0;
    turns.set(service, (turn + 1) % origins.length);
    return origins[turn % origins.length]!;
  };

  gateway.removeAllContentTypeParsers();
  gateway.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body.length === 0 ? undefined : body),
  );
  gateway.setErrorHandler((error: Error, request, reply) => refused(error, request, reply));
  // it would write down whole paths, in which there are secrets
  void gateway.register(replyFrom, {
    disableRequestLogging: true,
    undici: { connections: 256, pipelining: 1, bodyTimeout: 0 },
  });

  gateway.addHook('onRequest', (request, reply, done) => {
    if (!isOurs(request)) return problem(request, reply, 421, 'misdirected');
    if (METHODS.includes(request.method)) return done();
    problem(request, reply.header('allow', ALLOW), 405, 'method-not-allowed');
  });
  boundBodies(gateway, addressOf);
  gateway.get('/health/live', () => ({ status: 'ok' }));
  gateway.get('/health/ready', async (_request, reply) => {
    const asked = SERVICES.flatMap((service) =>
      upstreams.get(service)!.map(async (origin) => [service, await askReady(origin, publicHost)] as const),
    );
    const services = await Promise.all(asked);
    const faults = services.flatMap(([service, { faults }]) =>
      faults === undefined ? [] : [[service, faults]],
    );
    const told = Object.fromEntries(services.map(([service, { body }]) => [service, body]));
    const { status, body } = readiness(Object.fromEntries(faults) as Record<string, unknown>, {
      services: told,
    });
    void reply.code(status);
    return body;
  });
  gateway.get('/openapi.json', async () => {
    const asked = SERVICES.map((service) =>
      ask<Description>(`${upstream(service)}/openapi.json`, publicHost),
    );
    return mergeDescriptions((await Promise.all(asked)).map(({ body }) => body));
  });
  servePages(gateway, PAGES, publicUrl);
  gateway.all('/*', (request, reply) => {
    const [path = ''] = request.url.split('?', 1); // the query goes along as it came
    const service = serviceFor(path) ?? 'enrollment';
    const body = request.body as Buffer | undefined;
    const contentType = request.headers['content-type'] ?? 'application/octet-stream';
    return reply.from(upstream(service) + path, {
      ...(body !== undefined && { body, contentType }),
      // what the client says of its way here ends here, and so does `Expect`, which has been answered
      rewriteRequestHeaders: (_raw, { forwarded: _, expect: __, 'transfer-encoding': ___, ...headers }) => ({
        ...headers,
        host: publicHost,
        'x-forwarded-for': addressOf(request),
        traceparent: traceparentOf(request.id),
        'x-forwarded-proto': scheme,
      }),
      onError: (failed, { error }) => {
        request.log.warn({ service, cause: error.message }, 'a service was not reached');
        problem(request, failed as FastifyReply, 503, 'not-ready');
      },
    });
  });
  return gateway;
}

/** What Fastify refuses by itself, or what broke here. */
function refused(error: Error & { statusCode?: number }, request: FastifyRequest, reply: FastifyReply): void {
  const { statusCode: status = 500 } = error;
  if (status === 413) return problem(request, reply, status, 'too-large');
  if (status < 500) return problem(request, reply, 400, 'validation-failed');
  request.log.error({ requestId: request.id, cause: error.message }, 'a request was not passed on');
  problem(request, reply, 500, 'internal');
}

function problem(request: FastifyRequest, reply: FastifyReply, status: number, code: string): void {
  const body = { type: 'about:blank', title: code, status, code, requestId: request.id };
  void reply.code(status).type('application/problem+json').send(JSON.stringify(body));
}

/** @param host by which services know themselves: they answer to no other name */
async function ask<T>(url: string, host: string): Promise<{ status: number; body: T }> {
  const { statusCode, body } = await get(url, { headers: { host }, signal: AbortSignal.timeout(ASK_MS) });
  return { status: statusCode, body: (await body.json()) as T };
}

interface Readiness {
  readonly faults?: unknown;
  readonly body: unknown;
}

async function askReady(origin: string, host: string): Promise<Readiness> {
  try {
    const { status, body } = await ask<{ faults?: unknown }>(`${origin}/health/ready`, host);
    return status === 200 ? { body } : { body, faults: body.faults ?? `answers ${status}` };
  } catch (error) {
    return { body: null, faults: (error as Error).message };
  }
}
