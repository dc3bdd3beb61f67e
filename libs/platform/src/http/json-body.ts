import { isUtf8 } from 'node:buffer';
import { refuse } from '@sparekey/contracts';
import type { FastifyInstance } from 'fastify';

/**
 * Reads JSON bodies. A body that is not UTF-8 is refused (RFC 8259 section 8.1), so that no letter turns into another in
 * silence. A content type without a body is no body: generated clients send it with every call.
 */
export function readJsonBodies(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    if (body.length === 0) return done(null, undefined);
    if (!isUtf8(body))
      return done(refuse('validation-failed', { detail: 'the body must be UTF-8' }), undefined);
    void parse(request, body.toString('utf8'), done);
  });
}
