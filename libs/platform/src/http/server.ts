import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { refuse } from '@sparekey/contracts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { CallerResolver } from '../callers/caller-resolver.ts';
import { isLoopback, type Configuration } from '../configuration.ts';
import { nestLogger } from '../logger.ts';
import { Metrics } from '../metrics.ts';
import { PlatformModule, type Service } from '../platform.module.ts';
import { newRequestId } from './correlation.ts';
import { serveOpenApi } from './openapi.ts';
import { ProblemFilter } from './problem.filter.ts';

const BODY_LIMIT = 65_536;

/** A service over HTTP, ready to listen: routes under /v1, problems by RFC 9457, one log line a request. */
export async function createServer(service: Service): Promise<NestFastifyApplication> {
  const { configuration, logger } = service;
  const problems = new ProblemFilter(logger);
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    trustProxy: configuration.trustedProxies.length > 0 ? [...configuration.trustedProxies] : false,
    genReqId: (request: { headers: Record<string, string | string[] | undefined> }) =>
      newRequestId(request.headers),
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) =>
      problems.answer(error, request, reply),
    skipMiddie: true,
    routerOptions: { maxParamLength: 1_024 },
    forceCloseConnections: 'idle',
    return503OnClosing: false, // what comes over an open connection is still answered, and the connection ended with it
  });
  const app: NestFastifyApplication = await NestFactory.create(PlatformModule.serving(service), adapter, {
    logger: nestLogger(logger),
    bodyParser: false, // Fastify's own JSON parser, and no other
    abortOnError: false,
  });
  app.setGlobalPrefix('v1', { exclude: ['health/live', 'health/ready', '.well-known/*path'] });
  const fastify: FastifyInstance = adapter.getInstance();
  fastify.removeContentTypeParser('text/plain');
  fastify.setReplySerializer((payload) => JSON.stringify(payload));
  guardEdge(fastify, configuration, problems);
  observe(fastify, logger, app.get(Metrics));
  serveMetrics(fastify, app.get(Metrics), app.get(CallerResolver), problems);
  serveOpenApi(app, fastify, configuration);
  return app;
}

/** Refuses requests meant for another host, and says what no answer of ours lacks. */
function guardEdge(fastify: FastifyInstance, { publicUrl }: Configuration, problems: ProblemFilter): void {
  const ours = new URL(publicUrl).host;
  fastify.addHook('onRequest', (request, reply, done) => {
    const { host = '' } = request.headers;
    if (host !== ours && !isLoopback(host.replace(/:\d+$/, ''))) {
      problems.answer(refuse('misdirected'), request, reply);
      return;
    }
    void reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    done();
  });
}

/** One log line and one observation a request. Routes are templates: what stands in a path may be a secret. */
function observe(fastify: FastifyInstance, logger: Logger, metrics: Metrics): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    const { method } = request;
    const route = request.routeOptions.url ?? 'none';
    const status = reply.statusCode;
    const ms = reply.elapsedTime;
    metrics.requests.labels(method, route, String(status)).observe(ms / 1_000);
    logger.info({ requestId: request.id, method, route, status, ms: Math.round(ms * 10) / 10 }, 'request');
    done();
  });
}

/** Metrics go to who is on this machine, or holds the operator's token; others are not told that they exist. */
function serveMetrics(
  fastify: FastifyInstance,
  metrics: Metrics,
  callers: CallerResolver,
  problems: ProblemFilter,
): void {
  fastify.get('/metrics', async (request, reply) => {
    const local = isLoopback(request.socket.remoteAddress ?? '') && !request.headers['x-forwarded-for'];
    const [, bearer = ''] = (request.headers.authorization ?? '').split(' ');
    if (!local && !callers.isOperator(bearer)) {
      problems.answer(refuse('not-found'), request, reply);
      return reply;
    }
    return reply
      .type(metrics.registry.contentType)
      .serializer(String)
      .send(await metrics.registry.metrics());
  });
}
