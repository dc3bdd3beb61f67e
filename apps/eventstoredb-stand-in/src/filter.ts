import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import type { Heading } from './records.ts';
import { invalidArgument } from './refusals.ts';

/** Events considered between two checkpoints where the client names no window. */
const SEARCH_WINDOW = 32;

export interface Filter {
  readonly allows: (event: Heading) => boolean;
  /** Events considered, wanted or not, until the subscriber is told how far that was. */
  readonly checkpointEvery: number;
}

/**
 * The filter of a read or a subscription, on names of streams or on types of events.
 *
 * A regular expression is one of JavaScript here, of .NET there; the common ones mean the same.
 *
 * @throws Refusal where it is none
 */
export function filterOf(options: ReadReq.Options.FilterOptions): Filter {
  const multiplier = options.getCheckpointintervalmultiplier();
  if (multiplier < 1) throw invalidArgument('the multiplier of the checkpoint interval must be 1 or more');
  if (!options.hasMax() && !options.hasCount()) throw invalidArgument('a filter needs a search window');
  const window = options.hasMax() ? options.getMax() : SEARCH_WINDOW;
  return { allows: predicate(options), checkpointEvery: multiplier * window };
}

function predicate(options: ReadReq.Options.FilterOptions): Filter['allows'] {
  const byType = options.getEventType();
  const byStream = options.getStreamIdentifier();
  if (byType) {
    const fits = matcher(byType);
    return ({ type }) => fits(type);
  }
  if (byStream) {
    const fits = matcher(byStream);
    return ({ stream }) => fits(stream);
  }
  throw invalidArgument('a filter is on names of streams or on types of events');
}

function matcher(expression: ReadReq.Options.FilterOptions.Expression): (text: string) => boolean {
  const pattern = expression.getRegex();
  const prefixes = expression.getPrefixList();
  if (pattern === '') return (text) => prefixes.some((prefix) => text.startsWith(prefix));
  try {
    const regex = new RegExp(pattern);
    return (text) => regex.test(text);
  } catch (cause) {
    throw invalidArgument((cause as Error).message);
  }
}
