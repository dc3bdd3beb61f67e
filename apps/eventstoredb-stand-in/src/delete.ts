import streams from '@eventstore/db-client/generated/streams_pb.js';
import type {
  DeleteReq,
  DeleteResp,
  TombstoneReq,
  TombstoneResp,
} from '@eventstore/db-client/generated/streams_pb.js';
import type { handleUnaryCall, Metadata } from '@grpc/grpc-js';
import type { Faults } from './faults.ts';
import type { Log } from './log.ts';
import type { Append } from './records.ts';
import { invalidArgument, refusalOf, streamDeleted } from './refusals.ts';
import { nameOf } from './requests.ts';
import { softDeletion, tombstone } from './system-events.ts';

/** Serves a deletion after which a stream is not found and can begin again, at whatever revision it ends. */
export const serveDelete =
  (log: Log, faults: Faults): handleUnaryCall<DeleteReq, DeleteResp> =>
  (call, callback) =>
    deleted(log, faults, call, softDeletion).then(
      (at) => {
        const position = new streams.DeleteResp.Position().setCommitPosition(at).setPreparePosition(at);
        callback(null, new streams.DeleteResp().setPosition(position));
      },
      (error: unknown) => callback(refusalOf(error)),
    );

/** Serves a deletion for good, at whatever revision the stream ends. */
export const serveTombstone =
  (log: Log, faults: Faults): handleUnaryCall<TombstoneReq, TombstoneResp> =>
  (call, callback) =>
    deleted(log, faults, call, tombstone).then(
      (at) => {
        const position = new streams.TombstoneResp.Position().setCommitPosition(at).setPreparePosition(at);
        callback(null, new streams.TombstoneResp().setPosition(position));
      },
      (error: unknown) => callback(refusalOf(error)),
    );

/** @returns the position of what was written for it */
async function deleted(
  log: Log,
  faults: Faults,
  { request, metadata }: { readonly request: DeleteReq | TombstoneReq; readonly metadata: Metadata },
  deletion: (stream: string) => Append,
): Promise<string> {
  faults.check('write', metadata);
  const options = request.getOptions();
  if (!options?.hasAny()) throw invalidArgument('here streams are deleted at whatever revision they end');
  const append = deletion(nameOf(options.getStreamIdentifier()));
  const outcome = await log.append(append);
  if (!outcome.accepted) throw streamDeleted(append.stream);
  return String(outcome.position);
}
