import type { Command } from 'commander';
import type { Connection } from './api.ts';

interface Parked {
  readonly room: string;
  readonly eventId: string;
  readonly type: string;
  readonly attempts: number;
  readonly cause: string;
  readonly parkedAt: string;
}

const PATH = '/v1/operator/parked';
const pathOf = (room: string, eventId: string) =>
  `${PATH}/${encodeURIComponent(room)}/${encodeURIComponent(eventId)}`;

const line = ({ room, eventId, type, attempts, cause, parkedAt }: Parked) =>
  `${parkedAt}  ${room}  ${eventId}  ${type}  ${attempts} tries  ${cause.split('\n')[0]}`;

async function listAll({ demand }: Connection, room: string | undefined): Promise<Parked[]> {
  const all: Parked[] = [];
  for (let next: string | null = ''; next !== null;) {
    const query = new URLSearchParams({ ...(room && { room }), ...(next && { cursor: next }) });
    const { body } = await demand('GET', `${PATH}?${query.toString()}`);
    all.push(...(body.items as Parked[]));
    next = body.next as string | null;
  }
  return all;
}

/** `parked list`, `parked show`, `parked retry`: what rooms could not handle. */
export function addParked(program: Command, connect: () => Promise<Connection>): void {
  const parked = program.command('parked').description('events that a room could not handle');

  parked
    .command('list')
    .description('what is parked, oldest first')
    .option('--room <room>', 'only of this room')
    .action(async ({ room }: { room?: string }) => {
      const connection = await connect();
      const items = await listAll(connection, room);
      if (connection.json) connection.print(JSON.stringify({ items }));
      else connection.print(items.length === 0 ? 'nothing is parked' : items.map(line).join('\n'));
    });

  parked
    .command('show')
    .description('one of them, with its whole cause')
    .argument('<room>')
    .argument('<eventId>')
    .action(async (room: string, eventId: string) => {
      const { demand, json, print } = await connect();
      const { body } = await demand('GET', pathOf(room, eventId));
      print(json ? JSON.stringify(body) : `${line(body as unknown as Parked)}\n\n${body.cause as string}`);
    });

  parked
    .command('retry')
    .description('tries one of them once more, or with --room all of a room')
    .argument('[room]')
    .argument('[eventId]')
    .option('--room <room>', 'all of this room')
    .action(async (room: string | undefined, eventId: string | undefined, options: { room?: string }) => {
      const connection = await connect();
      const chosen = options.room ?? room;
      const wanted =
        options.room === undefined && chosen !== undefined && eventId !== undefined
          ? [{ room: chosen, eventId }]
          : await listAll(connection, chosen);
      await retry(connection, wanted);
    });
}

async function retry(
  { demand, json, print }: Connection,
  wanted: readonly Pick<Parked, 'room' | 'eventId'>[],
): Promise<void> {
  for (const { room, eventId } of wanted) {
    const { body } = await demand('POST', `${pathOf(room, eventId)}/retry`);
    const handled = body.state === 'handled';
    if (!handled) process.exitCode = 1;
    if (json) print(JSON.stringify(body));
    else print(handled ? `handled  ${room}  ${eventId}` : `still parked  ${line(body as unknown as Parked)}`);
  }
}
