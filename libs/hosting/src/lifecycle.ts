import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { closeServer } from '@sparekey/server';
import { ConfigurationFault, Health, Metrics } from '@sparekey/platform';
import { KeyListFault } from '@sparekey/vault';
import type { Logger } from 'pino';

/** @throws ConfigurationFault where the port cannot be had */
export async function listen(
  app: NestFastifyApplication,
  { port, host }: { readonly port: number; readonly host: string },
): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (error) {
    const { code } = error as { code?: string };
    throw new ConfigurationFault([`HOST, PORT: cannot listen on ${host}, port ${port}: ${code}`]);
  }
}

/** SIGTERM or SIGINT: no new requests, those under way are finished, then what `close` closes, then the end. */
export function stopOnSignal(app: NestFastifyApplication, logger: Logger, close: () => Promise<void>): void {
  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    app.get(Health).stop();
    logger.info({ signal }, 'stopping: no new requests, those under way are finished');
    closeServer(app)
      .then(close)
      .then(() => logger.info('stopped'))
      .then(() => logger.flush(() => process.exit(0)))
      .catch(failLoudly());
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

/**
 * A promise of a library that nobody waits for and that is rejected is a fault to be told of, and no reason to end what still
 * answers: what it was for fails where it is asked for.
 */
export function outliveRejections(logger: Pick<Logger, 'error'>): void {
  process.on('unhandledRejection', (err) => {
    rejections++;
    logger.error({ err }, 'a rejection that nobody handled');
  });
}

let rejections = 0;

/** How many there were since the process began: see {@link outliveRejections}. */
export const countRejections = (): number => rejections;

/** Told with the other figures of the process. */
export function followRejections(app: NestFastifyApplication): void {
  app
    .get(Metrics)
    .follow(
      'sparekey_unhandled_rejections',
      'Rejected promises that nobody handled since the start',
      countRejections,
    );
}

type ErrorClass = abstract new (...args: never[]) => Error;

/** The end of a process that cannot go on. @param explained errors whose message says it all: no stack is shown */
export const failLoudly =
  (explained: readonly ErrorClass[] = []) =>
  (error: unknown): void => {
    const known = [ConfigurationFault, KeyListFault, ...explained].some((kind) => error instanceof kind);
    const { message, stack } = error as Error;
    process.stderr.write(`Sparekey cannot go on.\n${known ? message : stack}\n`);
    process.exit(1);
  };
