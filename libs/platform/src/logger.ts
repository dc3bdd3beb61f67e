import type { LoggerService } from '@nestjs/common';
import pino, { type DestinationStream, type Logger } from 'pino';
import type { LogLevel } from './configuration.ts';

/** Names of fields whose value never stands in a log line, wherever they occur. */
const SECRETS = [
  'authorization',
  'cookie',
  'code',
  'codes',
  'secret',
  'password',
  'token',
  'challengeId',
  'otpauthUri',
  'qrCode',
  'result',
  'emails',
  'phone',
];

export interface LogOptions {
  /** Which of the separate services speaks: stands in every line. */
  readonly service?: string;
  /** A file instead of standard output. */
  readonly file?: string;
  readonly destination?: DestinationStream;
}

/** One JSON line an entry, written without waiting, after a tenth of a second at the latest; `flush` before the process ends. */
export function createLogger(level: LogLevel, { service, file, destination }: LogOptions = {}): Logger {
  const paths = SECRETS.flatMap((name) => [
    `req.${name}`,
    `headers.${name}`,
    `body.${name}`,
    `data.${name}`,
    `details.${name}`,
  ]);
  return pino(
    {
      level,
      base: service === undefined ? null : { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths, censor: '[redacted]' },
    },
    destination ??
      pino.destination({
        ...(file === undefined ? { fd: 1 } : { dest: file, append: true, mode: 0o600 }),
        sync: false,
        minLength: 4_096,
        periodicFlush: 100,
      }),
  );
}

/** Nest's own messages as lines of the same log; what it says at start is of interest only when debugging. */
export function nestLogger(logger: Logger): LoggerService {
  const line =
    (level: 'error' | 'warn' | 'debug' | 'trace') =>
    (message: unknown, ...rest: unknown[]) => {
      const context = rest.at(-1);
      const stack = rest.length > 1 ? rest[0] : undefined;
      logger[level](
        { ...(typeof context === 'string' && { context }), ...(typeof stack === 'string' && { stack }) },
        String(message),
      );
    };
  return {
    log: line('debug'),
    debug: line('debug'),
    verbose: line('trace'),
    warn: line('warn'),
    error: line('error'),
    fatal: line('error'),
  };
}
