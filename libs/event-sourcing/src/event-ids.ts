import { createHash } from 'node:crypto';

/**
 * Ids of the events of one command: the command's own 128 random bits with the event's index in the last 16.
 * Deterministic, so a retry writes the same ids; distinct, because the index is added and not hashed.
 *
 * @param commandId UUID
 * @param index place of the event in the command's outcome, below 65,536
 */
export function eventId(commandId: string, index: number): string {
  const last = (Number.parseInt(commandId.slice(-4), 16) ^ index) & 0xffff;
  return commandId.slice(0, -4) + last.toString(16).padStart(4, '0');
}

/** The id of the command that one listener derives from one event: the same whenever it hears it. */
export function commandIdOf(causingEvent: string, listener: string): string {
  const hex = createHash('sha256').update(`${listener} ${causingEvent}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}
