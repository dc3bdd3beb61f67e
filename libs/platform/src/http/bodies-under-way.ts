import { addressPrefix } from '@sparekey/canonical';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AddressOf } from './edge.ts';

/** Bodies that one address may leave half sent. */
const HALF_SENT = 100;
/** What is sent at once is read before that (milliseconds). */
const PATIENCE_MS = 1_000;

/**
 * Of one address (IPv6 by /64) a hundred bodies may be under way for longer than a second. Another one ends the oldest of
 * them: who sends slowly takes room from themselves, and their next request is still read.
 */
export function boundBodies(fastify: FastifyInstance, addressOf: AddressOf): void {
  const underWay = new Map<string, Map<FastifyRequest, number>>();
  const senders = new WeakMap<FastifyRequest, string>();
  const arrived = (request: FastifyRequest): void => {
    const address = senders.get(request);
    const own = address === undefined ? undefined : underWay.get(address);
    own?.delete(request);
    if (own?.size === 0) underWay.delete(address!);
  };
  fastify.addHook('onRequest', (request, reply, done) => {
    const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
    if (length === '0' && encoding === undefined) return done();
    const address = addressPrefix(addressOf(request));
    const own = underWay.get(address) ?? new Map<FastifyRequest, number>();
    underWay.set(address, own);
    senders.set(request, address);
    own.set(request, performance.now());
    for (const [slow, since] of own) {
      if (own.size <= HALF_SENT || performance.now() - since < PATIENCE_MS) break;
      own.delete(slow);
      slow.raw.socket.destroy();
    }
    reply.raw.once('close', () => arrived(request)); // broken off, or refused before it was read
    done();
  });
  fastify.addHook('preValidation', (request, _reply, done) => {
    arrived(request);
    done();
  });
}
