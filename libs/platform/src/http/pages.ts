import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { edgeHeaders } from './edge.ts';

/** Pages that were built: files of one folder, and which of them stands behind which path. */
export interface Pages {
  /** Holds `assets/`, whose files are named by what is in them, and a file for each page. */
  readonly directory: string;
  /** By path, as Fastify has it, such as `/sign-in/:domain`. */
  readonly paths: Readonly<Record<string, string>>;
  /** Behind paths that the API answers, too: who asks for HTML gets the page. */
  readonly besideTheApi: Readonly<Record<string, string>>;
}

/** Nothing but what Sparekey itself serves; no frame around it. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS = {
  'content-security-policy': PAGE_POLICY,
  // what stands in the address goes nowhere
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};

/**
 * Serves them. A page is asked for anew each time, so that an upgrade is seen at once; its assets are kept for a year.
 *
 * @throws where a page was not built
 */
export function servePages(
  fastify: FastifyInstance,
  { directory, paths, besideTheApi }: Pages,
  publicUrl: string,
): void {
  const always = edgeHeaders(publicUrl);
  const files = new Set([...Object.values(paths), ...Object.values(besideTheApi)]);
  const texts = new Map([...files].map((file) => [file, readFileSync(join(directory, file), 'utf8')]));
  const send = (reply: FastifyReply, file: string) =>
    reply
      .headers({ ...always, ...HEADERS })
      .type('text/html; charset=utf-8')
      .serializer(String)
      .send(texts.get(file));
  for (const [path, file] of Object.entries(paths)) fastify.get(path, (_request, reply) => send(reply, file));
  fastify.addHook('onRequest', (request, reply, done) => {
    // one glance at what is asked for most, and at every sign-in
    const file = request.url.startsWith('/v1/') ? undefined : besideTheApi[request.url.split('?', 1)[0]!];
    if (file === undefined || request.method !== 'GET' || !request.headers.accept?.includes('text/html'))
      done();
    else void send(reply, file);
  });
  void fastify.register(async (assets) => {
    assets.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
      if ((error.statusCode ?? 500) >= 500) throw error;
      reply.callNotFound(); // a path that leads out of the folder
    });
    await assets.register(fastifyStatic, {
      root: join(directory, 'assets'),
      prefix: '/assets/',
      decorateReply: false,
      index: false,
      dotfiles: 'ignore',
      cacheControl: false,
      preCompressed: true,
      setHeaders: (reply) =>
        void reply.headers({ ...always, 'cache-control': 'public, max-age=31536000, immutable' }),
    });
  });
}
