import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { AppendReq, ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import type { StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb.js';
import { filterOf, type Filter } from './filter.ts';
import type { Expected, ProposedEvent } from './records.ts';
import { invalidArgument, propertyMissing, handlerThrew } from './refusals.ts';

/** What a client asks of the read call: a page, or (without a count) a subscription. */
export interface ReadQuery {
  /** The whole log where absent. */
  readonly stream: string | undefined;
  /** A revision of the stream, or a position in the log. */
  readonly from: 'start' | 'end' | number;
  readonly isBackwards: boolean;
  readonly count: number | undefined;
  readonly filter: Filter | undefined;
  /** Ids are wanted as two numbers and not as text. */
  readonly structuredIds: boolean;
}

/** @throws Refusal */
export function readQuery(request: ReadReq): ReadQuery {
  const options = request.getOptions();
  if (!options) throw invalidArgument('a read needs options');
  const filter = options.getFilter();
  const common = {
    isBackwards: options.getReadDirection() === streams.ReadReq.Options.ReadDirection.BACKWARDS,
    count: options.hasSubscription() ? undefined : Number(options.getCount()),
    filter: filter && filterOf(filter),
    structuredIds: !options.getUuidOption()?.hasString(),
  };
  const stream = options.getStream();
  if (stream && !common.filter)
    return {
      ...common,
      stream: nameOf(stream.getStreamIdentifier()),
      from: place(stream, stream.hasRevision() ? stream.getRevision() : undefined),
    };
  const all = options.getAll();
  if (all) return { ...common, stream: undefined, from: place(all, commitOf(all.getPosition())) };
  throw invalidArgument('a read is of a stream, or of $all with or without a filter');
}

function place(
  options: { hasStart(): boolean; hasEnd(): boolean },
  at: string | undefined,
): ReadQuery['from'] {
  if (at !== undefined) return Number(at);
  return options.hasEnd() ? 'end' : 'start';
}

/** Here both positions of an event are the same. @throws Refusal where they cannot be those of any event */
function commitOf(position: ReadReq.Options.Position | undefined): string | undefined {
  if (position && BigInt(position.getCommitPosition()) < BigInt(position.getPreparePosition()))
    throw handlerThrew();
  return position?.getCommitPosition();
}

/** @throws Refusal */
export function appendTarget(options: AppendReq.Options): { stream: string; expected: Expected } {
  return { stream: nameOf(options.getStreamIdentifier()), expected: expectedOf(options) };
}

function expectedOf(options: AppendReq.Options): Expected {
  if (options.hasRevision()) return Number(options.getRevision());
  if (options.hasNoStream()) return 'no-stream';
  if (options.hasStreamExists()) return 'stream-exists';
  if (options.hasAny()) return 'any';
  throw invalidArgument('an append says which revision it expects');
}

/** @throws Refusal */
export function proposedEvent(message: AppendReq.ProposedMessage): ProposedEvent {
  const properties = message.getMetadataMap();
  const type = properties.get('type');
  const contentType = properties.get('content-type');
  if (type === undefined) throw propertyMissing('type');
  if (contentType === undefined) throw propertyMissing('content-type');
  return {
    id: uuidOf(message.getId()),
    type,
    isJson: contentType === 'application/json',
    metadata: message.getCustomMetadata_asU8(),
    data: message.getData_asU8(),
  };
}

/** @throws Refusal */
export function nameOf(identifier: StreamIdentifier | undefined): string {
  if (!identifier) throw invalidArgument('the stream has no name');
  return Buffer.from(identifier.getStreamName_asU8()).toString('utf8');
}

const UUID_TEXT = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;

function uuidOf(id: UUID | undefined): string {
  const structured = id?.getStructured();
  if (structured) {
    const half = (bits: string) => BigInt.asUintN(64, BigInt(bits)).toString(16).padStart(16, '0');
    const hex = half(structured.getMostSignificantBits()) + half(structured.getLeastSignificantBits());
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }
  const text = id?.getString().toLowerCase() ?? '';
  if (!UUID_TEXT.test(text)) throw invalidArgument(`'${text}' is not a valid UUID`);
  return text;
}
