import { Metadata, status } from '@grpc/grpc-js';

/** A call answered with an error, in the status and the trailers that EventStoreDB sends. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: status;
  readonly details: string;
  readonly metadata: Metadata;

  constructor(code: status, details: string, trailers: Readonly<Record<string, string>> = {}) {
    super(details);
    this.code = code;
    this.details = details;
    this.metadata = new Metadata();
    for (const [name, value] of Object.entries(trailers)) this.metadata.set(name, value);
  }
}

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export const notLeader = ({ host, port }: Endpoint): Refusal =>
  new Refusal(status.NOT_FOUND, 'Leader info available', {
    exception: 'not-leader',
    'leader-endpoint-host': host,
    'leader-endpoint-port': String(port),
  });

export const unavailable = (details: string): Refusal => new Refusal(status.UNAVAILABLE, details);

/** What an append is told that was forwarded to a leader who did not take it. */
export const forwardingTimeout = (): Refusal =>
  new Refusal(status.ABORTED, 'Operation timed out: Forwarding timeout');

export const invalidArgument = (details: string): Refusal => new Refusal(status.INVALID_ARGUMENT, details);

export const streamDeleted = (stream: string): Refusal =>
  new Refusal(status.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, {
    exception: 'stream-deleted',
    'stream-name': stream,
  });

export const wrongExpectedVersion = (stream: string, expected: string, end: number | undefined): Refusal =>
  new Refusal(status.FAILED_PRECONDITION, `Append failed due to WrongExpectedVersion. Stream: ${stream}`, {
    exception: 'wrong-expected-version',
    'stream-name': stream,
    'expected-version': expected,
    ...(end !== undefined && { 'actual-version': String(end) }),
  });

export const accessDenied = (): Refusal =>
  new Refusal(status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' });

export const unknownLogin = (): Refusal => new Refusal(status.UNAUTHENTICATED, 'UnAuthenticated');

/** What a read is answered whose place is none. */
export const noPlace = (kind: 'Stream' | 'All'): Refusal =>
  new Refusal(status.UNKNOWN, `Unexpected Read${kind}Result: Error`);

export const tooLarge = (limit: number): Refusal =>
  new Refusal(status.INVALID_ARGUMENT, `Maximum Append Size of ${limit} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(limit),
  });

export const propertyMissing = (property: string): Refusal =>
  new Refusal(status.INVALID_ARGUMENT, `Required Metadata Property '${property}' is missing`, {
    exception: 'missing-required-metadata-property',
    'required-metadata-properties': 'type,content-type',
  });

/** What the server says where it did not expect something. */
export const handlerThrew = (more = ''): Refusal =>
  new Refusal(status.UNKNOWN, `Exception was thrown by handler.${more}`);

/** What ended a call, as a status: what nobody refused is a fault of the stand-in. */
export const refusalOf = (error: unknown): Refusal =>
  error instanceof Refusal ? error : handlerThrew(` ${(error as Error).message}`);
