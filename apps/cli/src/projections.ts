import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Connection } from './api.ts';

interface Generation {
  readonly name: string;
  readonly generation: number;
  readonly state: string;
  readonly events: number;
  /** Null where the log is not the one that it followed. */
  readonly behind: number | null;
  readonly checksum: string;
}

const PATH = '/v1/operator/projections';
const LOOK_MS = 500;

const read = async ({ demand }: Connection) => (await demand('GET', PATH)).body.items as Generation[];

const line = ({ name, generation, state, events, behind, checksum }: Generation) =>
  `${name}  ${generation}  ${state}  ${events} events  ${behind === null ? 'at a place of another log' : `${behind} behind`}  checksum ${checksum}`;

/** `projections list`, `projections rebuild`: read models, which follow from the log alone. */
export function addProjections(program: Command, connect: () => Promise<Connection>): void {
  const projections = program.command('projections').description('read models');

  projections
    .command('list')
    .description('how far they have come')
    .action(async () => {
      const connection = await connect();
      const items = await read(connection);
      connection.print(connection.json ? JSON.stringify({ items }) : items.map(line).join('\n'));
    });

  projections
    .command('rebuild')
    .description('makes one anew beside the one that is read until then, and waits for it')
    .argument('<name>')
    .action(async (name: string) => {
      const connection = await connect();
      const before = (await read(connection)).findLast((one) => one.name === name)?.generation ?? 0;
      await connection.demand('POST', `${PATH}/${encodeURIComponent(name)}/rebuild`);
      const built = await waitFor(connection, name, before);
      connection.print(connection.json ? JSON.stringify(built) : line(built));
    });
}

/** Progress goes to the terminal, so that it does not stand in an answer for programs. */
async function waitFor(connection: Connection, name: string, before: number): Promise<Generation> {
  for (;;) {
    const newest = (await read(connection)).findLast((one) => one.name === name && one.generation > before);
    if (newest?.state === 'live') {
      if (process.stderr.isTTY) process.stderr.write('\n');
      return newest;
    }
    if (newest && process.stderr.isTTY) {
      const done = Math.floor((100 * newest.events) / Math.max(newest.events + (newest.behind ?? 0), 1));
      process.stderr.write(`\r${'█'.repeat(done / 4).padEnd(25, '░')} ${done} %`);
    }
    await sleep(LOOK_MS);
  }
}
