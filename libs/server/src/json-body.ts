import { isUtf8 } from 'node:buffer';
import { refuse } from '@sparekey/contracts';
import type { FastifyInstance } from 'fastify';

/** No body that this API takes is nearly so deep or so wide. The member of an object counts twice: its name and its value. */
const DEEPEST = 16;
const MOST_VALUES = 1_000;

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const [OPENS, CLOSES, PARTS] = [
  new Set(Buffer.from('[{')),
  new Set(Buffer.from(']}')),
  new Set(Buffer.from(',:')),
];

/**
 * Counts before anything is built of it or walks it: what reads the body afterwards may recurse, and does work for every
 * field.
 *
 * @throws Refusal `validation-failed`
 */
function requireModest(body: Buffer): void {
  let [depth, values, inText] = [0, 0, false];
  for (let at = 0; at < body.length; at++) {
    const byte = body[at]!;
    if (inText && byte === BACKSLASH) at++;
    else if (byte === QUOTE) inText = !inText;
    else if (inText) continue;
    else if (OPENS.has(byte) && ++depth > DEEPEST)
      throw refuse('validation-failed', { detail: `the body must not be nested more than ${DEEPEST} deep` });
    else if (CLOSES.has(byte)) depth--;
    else if (PARTS.has(byte) && ++values > MOST_VALUES)
      throw refuse('validation-failed', { detail: `the body must not hold more than ${MOST_VALUES} values` });
  }
}

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
    try {
      requireModest(body);
    } catch (error) {
      return done(error as Error, undefined);
    }
    void parse(request, body.toString('utf8'), done);
  });
}
