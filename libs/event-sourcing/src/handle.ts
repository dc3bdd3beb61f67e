import { setTimeout as sleep } from 'node:timers/promises';
import type { DomainEvent } from './decider.ts';
import type { Envelope, EventRecord, Origin } from './envelope.ts';
import { eventId } from './event-ids.ts';
import { EventIdReused, StoreUnavailable, WrongExpectedRevision } from './event-store.ts';
import type { FoldCache } from './cache/fold-cache.ts';
import type { Folded } from './fold.ts';
import type { KeyedQueue } from './keyed-queue.ts';
import { isSummaryDue } from './summary.ts';

/** Time and randomness, gathered before a decision and never inside one. */
export interface Clock {
  /** Unix milliseconds. */
  now(): number;
}

export interface Random {
  /** RFC 9562 version 4, from a cryptographic source. */
  uuid(): string;
  bytes(length: number): Uint8Array;
}

/** Too many at once for one stream, or a conflict that would not end: try again later. */
export class Busy extends Error {
  override readonly name = 'Busy';
}

/** What one attempt may use. A conflict leads to another attempt, with a newer state and another `at`. */
export interface Attempt<State> {
  readonly state: State;
  readonly revision: number;
  /** Unix milliseconds; also the time of every event that follows. */
  readonly at: number;
  /** The id that the event at this index of the outcome will have: what is sealed into it names it. */
  readonly eventId: (index: number) => string;
}

export interface Outcome<State, E extends DomainEvent> extends Folded<State> {
  /** What was appended, or what an earlier try of the same command had appended. */
  readonly events: readonly Envelope<E>[];
}

export interface Command<State, E extends DomainEvent> {
  readonly stream: string;
  readonly cache: FoldCache<State>;
  readonly origin: Origin;
  /** UUID; made here where absent. Listeners derive it from the causing event. */
  readonly commandId?: string;
  /** Gathers what the decision needs, decides, returns the facts. Throws refusals; no facts is a fine answer. */
  readonly attempt: (attempt: Attempt<State>) => Promise<readonly E[]>;
}

export interface HandlerOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Absent only in the mutants that show what it is for. */
  readonly queue?: KeyedQueue;
  /** Milliseconds from entry until a command that has not succeeded is answered with {@link Busy}. */
  readonly deadline?: number;
}

export type Handle = <State, E extends DomainEvent>(command: Command<State, E>) => Promise<Outcome<State, E>>;

const DEADLINE = 10_000;
/** An append that ends so late, and nobody knows how, ends the command: who asked is not kept waiting for another try (milliseconds). */
const WAITED_LONG = 2_000;

/**
 * The one way a command changes a stream: one at a time per stream within a process, load, decide, append at the
 * revision the decision saw; after a conflict with another process everything is gathered anew.
 *
 * @throws Refusal as the attempt threw it; nothing was appended
 * @throws Busy when the deadline passed; nothing was appended
 * @throws StoreUnavailable when the store is away; where its outcome is unknown, the facts may come to stand
 */
export function createHandle({ clock, random, queue, deadline = DEADLINE }: HandlerOptions): Handle {
  return (command) => {
    const until = performance.now() + deadline;
    const run = () => execute(command, command.commandId ?? random.uuid(), clock, until);
    return queue ? queue.run(command.stream, run) : run();
  };
}

async function execute<State, E extends DomainEvent>(
  command: Command<State, E>,
  commandId: string,
  clock: Clock,
  until: number,
): Promise<Outcome<State, E>> {
  let unsettled: number | undefined; // the revision after which an append of unknown outcome may stand
  for (let tries = 0; ; tries++) {
    const loaded = await command.cache.load(command.stream);
    if (unsettled !== undefined) {
      const earlier = await eventsOf(commandId, command.cache as never, command.stream, unsettled);
      if (earlier.length > 0) return { ...loaded, events: earlier as Envelope<E>[] };
    }
    const at = clock.now();
    if (performance.now() > until) throw new Busy('a command could not be finished in time');
    const facts = await command.attempt({
      state: loaded.state,
      revision: loaded.revision,
      at,
      eventId: (index) => eventId(commandId, index),
    });
    if (facts.length === 0) return { state: loaded.state, revision: loaded.revision, events: [] };
    const asked = performance.now();
    try {
      const hasNewIds = command.commandId === undefined && unsettled === undefined;
      return await append(command, commandId, loaded, facts, { at, hasNewIds });
    } catch (error) {
      const isUnknown = error instanceof StoreUnavailable && error.outcome === 'unknown';
      if (isUnknown) unsettled ??= loaded.revision;
      else if (!isOvertaken(error, unsettled !== undefined)) throw error;
      if (isUnknown && performance.now() - asked > WAITED_LONG) throw error;
      await sleep(Math.random() * Math.min(2 ** tries, 64));
    }
  }
}

/** Whether there is now something else to decide on: another's append, or the late arrival of an earlier one of our own. */
const isOvertaken = (error: unknown, isUnsettled: boolean): boolean =>
  error instanceof WrongExpectedRevision || (isUnsettled && error instanceof EventIdReused);

async function eventsOf(
  commandId: string,
  { store, codec }: FoldCache<never>,
  stream: string,
  after: number,
): Promise<Envelope[]> {
  const events = await store.read(stream, { from: after + 1 });
  return events.filter((event) => event.causationId === commandId).map((event) => codec.decode(event));
}

async function append<State, E extends DomainEvent>(
  { stream, cache, origin, commandId: derived }: Command<State, E>,
  commandId: string,
  before: Folded<State>,
  facts: readonly E[],
  { at, hasNewIds }: { readonly at: number; readonly hasNewIds: boolean },
): Promise<Outcome<State, E>> {
  const { fold, codec, store } = cache;
  const records: EventRecord[] = [];
  const envelopes: Envelope<E>[] = [];
  let { state, revision } = before;
  const add = (fact: DomainEvent) => {
    const record = {
      ...origin,
      ...codec.encode(fact),
      id: eventId(commandId, records.length),
      time: at,
      causationId: commandId,
    };
    records.push(record);
    const envelope = { ...record, stream, revision: ++revision } as unknown as Envelope<E>;
    envelopes.push(envelope);
    state = fold.evolve(state, envelope);
  };
  facts.forEach(add);
  if (isSummaryDue(fold.summary as never, before.revision, revision)) add(fold.summary!.take(state));
  const expected = before.revision < 0 ? 'no-stream' : before.revision;
  await store.append(stream, expected, records, { hasNewIds });
  if (derived !== undefined) {
    // another replica may have said it a moment before, under the same ids: what stands counts
    const said = await eventsOf(derived, cache as never, stream, before.revision);
    return { ...(await cache.load(stream)), events: said as Envelope<E>[] };
  }
  cache.keep(stream, { state, revision });
  return { state, revision, events: envelopes };
}
