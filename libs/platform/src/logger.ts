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
    destination ?? gathering(file),
  );
}

const FLUSH_MS = 100;

/** What pino's stream keeps to itself. */
interface Inner {
  /** How many bytes it has yet to write. */
  readonly _len: number;
  readonly destroyed: boolean;
}

/** Gathers lines for a write, and rests where there are none: pino's own flush writes an empty text ten times a second. */
function gathering(file: string | undefined): DestinationStream {
  const stream = pino.destination({
    ...(file === undefined ? { fd: 1 } : { dest: file, append: true, mode: 0o600 }),
    sync: false,
    minLength: 4_096,
  });
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    timer = undefined;
    const { _len: unwritten, destroyed } = stream as unknown as Inner;
    if (unwritten === 0 || destroyed) return;
    stream.flush();
    timer = setTimeout(flush, FLUSH_MS).unref(); // a write that is under way keeps what came after it began
  };
  const write = stream.write.bind(stream);
  stream.write = (line) => {
    timer ??= setTimeout(flush, FLUSH_MS).unref();
    return write(line);
  };
  return stream;
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
