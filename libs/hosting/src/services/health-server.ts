import { createServer } from 'node:http';
import { once } from 'node:events';
import { failing, readiness, type Check } from '@sparekey/platform';

export interface HealthServed {
  /** What must be well, by name. */
  readonly checks: Readonly<Record<string, Check>>;
  /** For Prometheus. */
  readonly figures: () => Promise<Readonly<Record<string, number>>>;
}

/** Health and figures of a process that serves nothing else. */
export async function serveHealth(
  { port, host }: { readonly port: number; readonly host: string },
  { checks, figures }: HealthServed,
): Promise<{ close(): Promise<void> }> {
  const ready = async () => readiness(await failing(new Map(Object.entries(checks))));
  const metrics = async () =>
    Object.entries(await figures())
      .map(([name, value]) => `# TYPE ${name} gauge\n${name} ${value}\n`)
      .join('');
  const server = createServer((request, response) => {
    const answer = async () => {
      if (request.url === '/health/live') return { status: 200, body: { status: 'ok' } };
      if (request.url === '/health/ready') return ready();
      if (request.url === '/metrics') return { status: 200, body: await metrics() };
      return { status: 404, body: { status: 'not-found' } };
    };
    answer().then(
      ({ status, body }) => {
        const isText = typeof body === 'string';
        response.writeHead(status, {
          'content-type': isText ? 'text/plain; version=0.0.4' : 'application/json',
        });
        response.end(isText ? body : JSON.stringify(body));
      },
      ({ message }: Error) => {
        const { status, body } = readiness({ message });
        response.writeHead(status).end(JSON.stringify(body));
      },
    );
  });
  server.listen(port, host);
  await once(server, 'listening'); // rejects with what the server says where the port cannot be had
  return {
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
