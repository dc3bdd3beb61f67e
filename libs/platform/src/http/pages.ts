import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { edgeHeaders } from './edge.ts';
import { PAGE_POLICY } from './hosted-page.ts';

/** Pages that were built: files of one folder, and which of them stands behind which path. */
export interface Pages {
  /** Holds `assets/`, whose files are named by what is in them, and a file for each page. */
  readonly directory: string;
  /** By path, as Fastify has it, such as `/sign-in/:domain`. */
  readonly paths: Readonly<Record<string, string>>;
}

const HEADERS = {
  // pictures are files of ours, too
  'content-security-policy': `${PAGE_POLICY}; img-src 'self'`,
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};

/**
 * Serves them. A page is asked for anew each time, so that an upgrade is seen at once; its assets are kept for a year.
 *
 * @throws where a page was not built
 */
export function servePages(fastify: FastifyInstance, { directory, paths }: Pages, publicUrl: string): void {
  const always = edgeHeaders(publicUrl);
  const texts = new Map(
    [...new Set(Object.values(paths))].map((file) => [file, readFileSync(join(directory, file), 'utf8')]),
  );
  for (const [path, file] of Object.entries(paths))
    fastify.get(path, (_request, reply) => {
      void reply
        .headers({ ...always, ...HEADERS })
        .type('text/html; charset=utf-8')
        .serializer(String);
      return reply.send(texts.get(file));
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
