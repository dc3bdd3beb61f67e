import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { NestFactory } from '@nestjs/core';
import type { CustomStrategy } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { refuse } from '@sparekey/contracts';
import { withOneLook } from '@sparekey/event-sourcing';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { readBearer, CallerResolver, isSameSecret } from '@sparekey/access-control';
import {
  isLoopback,
  type Configuration,
  nestLogger,
  Metrics,
  boundBodies,
  requestIds,
  addressReader,
  hostGuard,
  LONGEST_PARAM,
  ALLOW,
  METHODS,
  wire,
  servePages,
  edgeHeaders,
} from '@sparekey/platform';
import { ServerModule, type Service } from './server.module.ts';
import { readJsonBodies } from './json-body.ts';
import { knownPaths } from './known-paths.ts';
import { serveOpenApi } from './openapi.ts';
import { ProblemFilter } from './problem.filter.ts';

/** A service over HTTP, ready to listen: problems by RFC 9457, one log line a request. */
export async function createServer(service: Service): Promise<NestFastifyApplication> {
  const { configuration, logger } = service;
  const problems = new ProblemFilter(logger);
  const adapter = new FastifyAdapter({
    ...wire,
    genReqId: requestIds(configuration.trustedProxies),
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) =>
      problems.answer(error, request, reply),
    skipMiddie: true,
    routerOptions: { maxParamLength: LONGEST_PARAM },
    forceCloseConnections: 'idle',
    return503OnClosing: false, // what comes over an open connection is still answered, and the connection ended with it
  });
  const app: NestFastifyApplication = await NestFactory.create(ServerModule.serving(service), adapter, {
    logger: nestLogger(logger),
    bodyParser: false, // Fastify's own JSON parser, and no other
    abortOnError: false,
  });
  const fastify: FastifyInstance = adapter.getInstance();
  readJsonBodies(fastify);
  fastify.setReplySerializer((payload) => (typeof payload === 'string' ? payload : JSON.stringify(payload)));
  trackUnused(app.getHttpServer());
  guardEdge(fastify, configuration, problems);
  // once the body is there: what is read for a request may rest on one look at the log, not on one for each read
  fastify.addHook('preHandler', (_request, _reply, done) => withOneLook(done));
  boundBodies(fastify, addressReader(configuration));
  observe(fastify, logger, app.get(Metrics));
  serveMetrics(fastify, configuration, app.get(Metrics), app.get(CallerResolver), problems);
  serveOpenApi(app, fastify, configuration);
  if (service.pages) servePages(fastify, service.pages, configuration.publicUrl);
  app.connectMicroservice<CustomStrategy>({ strategy: service.transport.strategy });
  return app;
}

/** Connections that have not asked for anything yet, which the server itself does not count as idle. */
const unused = new WeakMap<Server, Set<Socket>>();

function trackUnused(server: Server): void {
  const sockets = new Set<Socket>();
  unused.set(server, sockets);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('request', ({ socket }: IncomingMessage) => sockets.delete(socket));
}

const SWEEP_MS = 50;
const PATIENCE_MS = 10_000;

/**
 * Takes no new connections, answers what is under way, and lets every connection go as soon as it has nothing to do:
 * a client that keeps one open does not keep the process. What takes longer than ten seconds is cut off.
 */
export async function closeServer(app: NestFastifyApplication): Promise<void> {
  const server = app.getHttpServer();
  const sweep = setInterval(() => {
    server.closeIdleConnections();
    for (const socket of unused.get(server) ?? []) socket.destroy();
  }, SWEEP_MS);
  const patience = setTimeout(() => server.closeAllConnections(), PATIENCE_MS);
  try {
    await app.close();
  } finally {
    clearInterval(sweep);
    clearTimeout(patience);
  }
}

/** Refuses requests meant for another host, and says what no answer of ours lacks. */
function guardEdge(fastify: FastifyInstance, { publicUrl }: Configuration, problems: ProblemFilter): void {
  const isOurs = hostGuard(publicUrl);
  const methodsOf = knownPaths(fastify);
  const headers = edgeHeaders(publicUrl);
  fastify.addHook('onRequest', (request, reply, done) => {
    if (!isOurs(request)) {
      problems.answer(refuse('misdirected'), request, reply);
      return;
    }
    void reply.headers(headers);
    if (!METHODS.includes(request.method)) {
      problems.answer(refuse('method-not-allowed'), request, reply.header('allow', ALLOW));
      return;
    }
    const others = request.is404 ? methodsOf(request.url) : [];
    if (others.length > 0) {
      problems.answer(refuse('method-not-allowed'), request, reply.header('allow', others.join(', ')));
      return;
    }
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

/**
 * Metrics go to who holds the token for them or the operator's; where nothing but loopback is served, to whoever is on this
 * machine. Others are not told that they exist.
 */
function serveMetrics(
  fastify: FastifyInstance,
  { host, publicUrl, metricsToken }: Configuration,
  metrics: Metrics,
  callers: CallerResolver,
  problems: ProblemFilter,
): void {
  const local = isLoopback(host) && isLoopback(new URL(publicUrl).hostname);
  fastify.get('/metrics', async (request, reply) => {
    const bearer = readBearer(request.headers.authorization) ?? '';
    if (!local && !isSameSecret(bearer, metricsToken) && !callers.isOperator(bearer)) {
      problems.answer(refuse('not-found'), request, reply);
      return reply;
    }
    return reply
      .type(metrics.registry.contentType)
      .serializer(String)
      .send(await metrics.registry.metrics());
  });
}
