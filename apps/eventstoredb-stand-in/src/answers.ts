import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import type { ClusterInfo } from '@eventstore/db-client/generated/gossip_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb.js';
import type { UUID } from '@eventstore/db-client/generated/shared_pb.js';
import type { AppendResp, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { Append, Outcome, RecordedEvent, WrongVersion } from './records.ts';
import { DELETED } from './retention.ts';

const empty = () => new shared.Empty();

export function appendAnswer({ expected }: Append, outcome: Outcome): AppendResp {
  if (!outcome.accepted)
    return new streams.AppendResp().setWrongExpectedVersion(wrongVersion(expected, outcome));
  const success = new streams.AppendResp.Success();
  if (outcome.revision < 0) success.setNoStream(empty());
  else success.setCurrentRevision(String(outcome.revision));
  if (outcome.position === undefined) success.setNoPosition(empty());
  else {
    const at = String(outcome.position);
    success.setPosition(new streams.AppendResp.Position().setCommitPosition(at).setPreparePosition(at));
  }
  return new streams.AppendResp().setSuccess(success);
}

function wrongVersion(
  expected: Append['expected'],
  { current }: WrongVersion,
): AppendResp.WrongExpectedVersion {
  const answer = new streams.AppendResp.WrongExpectedVersion();
  if (current < 0) answer.setCurrentNoStream(empty());
  else answer.setCurrentRevision(String(current));
  if (expected === 'any') answer.setExpectedAny(empty());
  else if (expected === 'stream-exists') answer.setExpectedStreamExists(empty());
  else if (expected === 'no-stream') answer.setExpectedNoStream(empty());
  else answer.setExpectedRevision(String(expected));
  return answer;
}

export function eventAnswer(event: RecordedEvent, structuredIds: boolean): ReadResp {
  const at = String(event.position);
  const recorded = new streams.ReadResp.ReadEvent.RecordedEvent()
    .setId(structuredIds ? structuredId(event.id) : new shared.UUID().setString(event.id))
    .setStreamIdentifier(new shared.StreamIdentifier().setStreamName(Buffer.from(event.stream)))
    .setStreamRevision(event.revision === DELETED ? String(2n ** 63n - 1n) : String(event.revision))
    .setCommitPosition(at)
    .setPreparePosition(at)
    .setCustomMetadata(event.metadata)
    .setData(event.data);
  recorded
    .getMetadataMap()
    .set('type', event.type)
    .set('created', `${event.created}0000`) // in ticks of 100 ns
    .set('content-type', event.isJson ? 'application/json' : 'application/octet-stream');
  return new streams.ReadResp().setEvent(
    new streams.ReadResp.ReadEvent().setEvent(recorded).setCommitPosition(at),
  );
}

function structuredId(id: string): UUID {
  const hex = id.replaceAll('-', '');
  const half = (digits: string) => BigInt.asIntN(64, BigInt(`0x${digits}`)).toString();
  return new shared.UUID().setStructured(
    new shared.UUID.Structured()
      .setMostSignificantBits(half(hex.slice(0, 16)))
      .setLeastSignificantBits(half(hex.slice(16))),
  );
}

export const streamNotFoundAnswer = (stream: string): ReadResp =>
  new streams.ReadResp().setStreamNotFound(
    new streams.ReadResp.StreamNotFound().setStreamIdentifier(
      new shared.StreamIdentifier().setStreamName(Buffer.from(stream)),
    ),
  );

export const confirmationAnswer = (id: string): ReadResp =>
  new streams.ReadResp().setConfirmation(
    new streams.ReadResp.SubscriptionConfirmation().setSubscriptionId(id),
  );

export const checkpointAnswer = (position: number): ReadResp =>
  new streams.ReadResp().setCheckpoint(
    new streams.ReadResp.Checkpoint()
      .setCommitPosition(String(position))
      .setPreparePosition(String(position)),
  );

export const caughtUpAnswer = (): ReadResp =>
  new streams.ReadResp().setCaughtUp(new streams.ReadResp.CaughtUp());

/** What is served. Appends in batches are not announced, so the client makes each a call of its own. */
export function featuresAnswer(): SupportedMethods {
  const method = (name: string, ...named: string[]) =>
    new features.SupportedMethod()
      .setServiceName('event_store.client.streams.streams')
      .setMethodName(name)
      .setFeaturesList(named);
  return new features.SupportedMethods()
    .setEventStoreServerVersion('0.0.0')
    .setMethodsList([method('read', 'position', 'events'), method('append')]);
}

/** A node as its cluster sees it. */
export interface Member {
  readonly id: string;
  readonly state: 'leader' | 'follower' | 'unknown';
  readonly isAlive: boolean;
  readonly port: number;
}

const { VNodeState } = gossip.MemberInfo;
const STATES = {
  leader: VNodeState.LEADER,
  follower: VNodeState.FOLLOWER,
  unknown: VNodeState.UNKNOWN,
} as const;

export const membersAnswer = (members: readonly Member[]): ClusterInfo =>
  new gossip.ClusterInfo().setMembersList(
    members.map(({ id, state, isAlive, port }) =>
      new gossip.MemberInfo()
        .setInstanceId(new shared.UUID().setString(id))
        .setTimeStamp(String(Date.now()))
        .setState(STATES[state])
        .setIsAlive(isAlive)
        .setHttpEndPoint(new gossip.EndPoint().setAddress('127.0.0.1').setPort(port)),
    ),
  );
