/** What a domain holds by name, in the order of the names. */
export const byId = <Value>(map: ReadonlyMap<string, Value>) =>
  [...map].sort(([one], [other]) => (one < other ? -1 : 1));
