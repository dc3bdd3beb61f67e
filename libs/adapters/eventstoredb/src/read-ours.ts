import type {
  AllStreamRecordedEvent,
  EventStoreDBClient,
  ReadAllOptions,
  ResolvedEvent,
  StreamingRead,
} from '@eventstore/db-client';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';

type Reading = StreamingRead<{ readonly event?: AllStreamRecordedEvent }>;

/** What a gRPC client of the server's streams does with a read. */
interface Reader {
  read(request: ReadReq, ...rest: unknown[]): unknown;
}

/** A part of the client that it keeps to itself: makes the call for whoever reads. */
interface Inner {
  GRPCStreamCreator(reader: unknown, name: string, create: (reader: Reader) => unknown): unknown;
}

/** Events among which the server looks in one go, before it looks whether it goes on. */
const SEARCH_WINDOW = 4_096;

/**
 * A read of the whole log in which the server itself passes over what others wrote. Servers have it, and their other clients; this
 * one has it for subscriptions alone, so its request is given the filter on its way.
 */
export function readOurs(
  client: EventStoreDBClient,
  prefixes: readonly string[],
  options: ReadAllOptions,
): Reading {
  const inner = client as unknown as Inner;
  const filtering: Inner = {
    GRPCStreamCreator: (reader, name, create) =>
      inner.GRPCStreamCreator(reader, name, (grpc) =>
        create({
          read(request, ...rest) {
            request.getOptions()!.clearNoFilter();
            request.getOptions()!.setFilter(byPrefix(prefixes));
            return grpc.read(request, ...rest);
          },
        }),
      ),
  };
  const filtered = Object.assign(Object.create(client) as EventStoreDBClient, filtering);
  return filtered.readAll(options) as StreamingRead<ResolvedEvent> as Reading;
}

function byPrefix(prefixes: readonly string[]): ReadReq.Options.FilterOptions {
  const { FilterOptions } = streams.ReadReq.Options;
  const names = new FilterOptions.Expression().setPrefixList([...prefixes]);
  return new FilterOptions()
    .setStreamIdentifier(names)
    .setMax(SEARCH_WINDOW)
    .setCheckpointintervalmultiplier(1);
}
