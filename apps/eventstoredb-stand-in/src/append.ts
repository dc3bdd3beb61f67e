import type { AppendReq, AppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { handleClientStreamingCall } from '@grpc/grpc-js';
import type { Access } from './access.ts';
import { appendAnswer } from './answers.ts';
import type { Faults } from './faults.ts';
import type { Log } from './log.ts';
import type { Append, ProposedEvent } from './records.ts';
import {
  invalidArgument,
  refusalOf,
  type Refusal,
  streamDeleted,
  tooLarge,
  unavailable,
} from './refusals.ts';
import { appendTarget, proposedEvent } from './requests.ts';
import { DELETED } from './retention.ts';

/** What EventStoreDB takes in one append by default (bytes). */
const MAX_APPEND_SIZE = 1024 * 1024;

/** Serves an append: a target, then its events one by one, then one answer. */
export const serveAppend =
  (log: Log, access: Access, faults: Faults): handleClientStreamingCall<AppendReq, AppendResp> =>
  (call, callback) => {
    const proposal = new Proposal();
    const refuse = (error: unknown) => callback(refusalOf(error));
    const answer = async () => {
      faults.check('write', call.metadata);
      const append = proposal.whole();
      access.check(call.metadata, '$w', append.stream);
      await faults.forward(call.metadata);
      const outcome = await log.append(append);
      await faults.delay();
      if (!outcome.accepted && outcome.current === DELETED) throw streamDeleted(append.stream);
      const lost = outcome.accepted ? faults.losesAcknowledgement() : undefined;
      if (lost === 'silence') return;
      if (lost === 'unavailable') throw unavailable('Server Is Too Busy');
      if (lost === 'drop-connection') faults.dropConnectionOf(call.getPeer());
      else callback(null, appendAnswer(append, outcome));
    };
    call.on('data', (request: AppendReq) => proposal.take(request));
    call.on('end', () => void answer().catch(refuse));
  };

/** Gathers what arrives. What is wrong with it is told at its end. */
class Proposal {
  readonly #events: ProposedEvent[] = [];
  #target: Pick<Append, 'stream' | 'expected'> | undefined;
  #size = 0;
  #fault: Refusal | undefined;

  take(request: AppendReq): void {
    if (this.#fault) return;
    try {
      const options = request.getOptions();
      const message = request.getProposedMessage();
      if (options) this.#target = appendTarget(options);
      else if (message) this.#add(proposedEvent(message));
    } catch (error) {
      this.#fault = refusalOf(error);
    }
  }

  /** @throws Refusal */
  whole(): Append {
    if (this.#fault) throw this.#fault;
    if (!this.#target) throw invalidArgument('an append begins with its options');
    return { ...this.#target, events: this.#events };
  }

  #add(event: ProposedEvent): void {
    this.#size += event.data.length + event.metadata.length + 2 * event.type.length;
    if (this.#size > MAX_APPEND_SIZE) throw tooLarge(MAX_APPEND_SIZE);
    this.#events.push(event);
  }
}
