import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { EventStoreDbStandIn } from './eventstoredb-stand-in.ts';
import { LOSSES, type Loss } from './faults.ts';

type Order = Readonly<Record<string, unknown>>;
/** What orders are carried out on. */
type Ordered = Pick<EventStoreDbStandIn, 'faults' | 'fill'>;

class BadOrder extends Error {
  override readonly name = 'BadOrder';
}

const ORDERS: Readonly<Record<string, (standIn: Ordered, order: Order) => unknown>> = {
  'drop-connections': ({ faults }) => faults.dropConnections(),
  'stall-subscriptions': ({ faults }, { andNewOnes }) =>
    faults.stallSubscriptions({ andNewOnes: andNewOnes !== false }),
  'resume-subscriptions': ({ faults }) => faults.resumeSubscriptions(),
  'delay-subscriptions': ({ faults }, order) => faults.delaySubscriptions(amount(order, 'ms')),
  'answer-not-leader': ({ faults }, order) => {
    const calls = amount(order, 'calls');
    const { host } = order;
    if (typeof host !== 'string') return faults.answerNotLeader(calls);
    return faults.answerNotLeader(calls, { host, port: amount(order, 'port') });
  },
  'lose-acknowledgements': ({ faults }, order) =>
    faults.loseAcknowledgements(amount(order, 'appends'), loss(order)),
  'delay-answers': ({ faults }, order) => faults.delayAnswers(amount(order, 'ms')),
  refuse: ({ faults }, order) =>
    faults.refuse(order.calls === undefined ? undefined : amount(order, 'calls')),
  fill: (standIn, order) => standIn.fill(amount(order, 'events')),
  'count-calls': ({ faults }) => faults.countCalls(),
  mend: ({ faults }) => faults.mend(),
};

/**
 * Faults, and the events of others, ordered from outside of the process: HTTP on 127.0.0.1, by POST of JSON such as
 * `{"order": "lose-acknowledgements", "appends": 1, "how": "silence"}`. Answers 200, or 400 and what is wrong with it.
 */
export async function listenForOrders(port: number, standIn: Ordered): Promise<Server> {
  const server = createServer((request, response) => {
    carryOut(request, standIn).then(
      (result) => response.writeHead(200).end(JSON.stringify({ done: result ?? true })),
      (error: Error) =>
        response
          .writeHead(error instanceof BadOrder ? 400 : 500)
          .end(JSON.stringify({ error: error.message })),
    );
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function carryOut(request: IncomingMessage, standIn: Ordered): Promise<unknown> {
  if (request.method !== 'POST') throw new BadOrder('orders come by POST');
  if (request.headers.origin !== undefined) throw new BadOrder('pages in a browser give no orders');
  const order = parse(await textOf(request));
  const name = String(order.order);
  if (!Object.hasOwn(ORDERS, name))
    throw new BadOrder(`the order must be one of ${Object.keys(ORDERS).join(', ')}`);
  return ORDERS[name]!(standIn, order);
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function parse(text: string): Order {
  try {
    return Object(JSON.parse(text)) as Order;
  } catch {
    throw new BadOrder('the order is no JSON');
  }
}

function amount(order: Order, name: string): number {
  const value = order[name];
  if (!Number.isSafeInteger(value) || (value as number) < 0)
    throw new BadOrder(`${name} must be a whole number`);
  return value as number;
}

function loss({ how }: Order): Loss | undefined {
  const known = LOSSES.find((name) => name === how);
  if (how !== undefined && !known) throw new BadOrder(`how must be one of ${LOSSES.join(', ')}`);
  return known;
}
