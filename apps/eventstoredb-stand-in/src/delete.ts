import streams from '@eventstore/db-client/generated/streams_pb.js';
import type {
  DeleteReq,
  DeleteResp,
  TombstoneReq,
  TombstoneResp,
} from '@eventstore/db-client/generated/streams_pb.js';
import type { handleUnaryCall, Metadata } from '@grpc/grpc-js';
import type { Access } from './access.ts';
import type { Faults } from './faults.ts';
import type { Log } from './log.ts';
import type { Append } from './records.ts';
import { invalidArgument, refusalOf, streamDeleted, wrongExpectedVersion } from './refusals.ts';
import { nameOf } from './requests.ts';
import { DELETED } from './retention.ts';
import { softDeletion, tombstone } from './system-events.ts';

/** Serves a deletion after which a stream is not found and can begin again. */
export const serveDelete =
  (log: Log, access: Access, faults: Faults): handleUnaryCall<DeleteReq, DeleteResp> =>
  (call, callback) =>
    deleted(log, access, faults, call, softDeletion).then(
      (at) => {
        const position = new streams.DeleteResp.Position().setCommitPosition(at).setPreparePosition(at);
        callback(null, new streams.DeleteResp().setPosition(position));
      },
      (error: unknown) => callback(refusalOf(error)),
    );

/** Serves a deletion for good. */
export const serveTombstone =
  (log: Log, access: Access, faults: Faults): handleUnaryCall<TombstoneReq, TombstoneResp> =>
  (call, callback) =>
    deleted(log, access, faults, call, tombstone).then(
      (at) => {
        const position = new streams.TombstoneResp.Position().setCommitPosition(at).setPreparePosition(at);
        callback(null, new streams.TombstoneResp().setPosition(position));
      },
      (error: unknown) => callback(refusalOf(error)),
    );

/** @throws Refusal */
function requireEnd(log: Log, stream: string, expected: string): void {
  const end = log.streamEnd(stream);
  if (end === DELETED) throw streamDeleted(stream);
  if (end !== Number(expected)) throw wrongExpectedVersion(stream, expected, end);
}

/** @returns the position of what was written for it */
async function deleted(
  log: Log,
  access: Access,
  faults: Faults,
  { request, metadata }: { readonly request: DeleteReq | TombstoneReq; readonly metadata: Metadata },
  deletion: (stream: string) => Append,
): Promise<string> {
  faults.check('write', metadata);
  const options = request.getOptions();
  const stream = nameOf(options?.getStreamIdentifier());
  access.check(metadata, '$d', stream);
  await faults.forward(metadata);
  if (options?.hasRevision()) requireEnd(log, stream, options.getRevision());
  else if (!options?.hasAny()) throw invalidArgument('here streams are deleted at one revision, or at any');
  const append = deletion(stream);
  const outcome = await log.append(append);
  if (!outcome.accepted) throw streamDeleted(append.stream);
  return String(outcome.position);
}
