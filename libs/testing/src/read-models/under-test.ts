import { postgresDialect } from '@sparekey/postgres';
import { DataDirectory, openViewsToWrite } from '@sparekey/sqlite';
import { Kysely } from 'kysely';
import { postgresDatabase } from '../postgres-database.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

/** A database of one's own for read models, empty at first. */
export interface ReadModelsUnderTest {
  /** Another connection, for who writes rows. */
  write(): Kysely<never>;
  /** Another connection, for who only reads them. */
  read(): Kysely<never>;
  /** Ends every connection, and the database. */
  close(): Promise<void>;
}

export async function sqliteReadModels(): Promise<ReadModelsUnderTest> {
  const { path, remove } = temporaryDirectory();
  const directory = new DataDirectory(path);
  const writers: Kysely<never>[] = [];
  return {
    write() {
      writers.push(new Kysely<never>({ dialect: openViewsToWrite(path) }));
      return writers.at(-1)!;
    },
    read: () => new Kysely<never>({ dialect: directory.openViews() }),
    async close() {
      for (const writer of writers) await writer.destroy();
      await directory.close();
      remove();
    },
  };
}

export async function postgresReadModels(): Promise<ReadModelsUnderTest> {
  const database = await postgresDatabase(process.env.DATABASE_URL!);
  const connections: ReturnType<typeof database.connect>[] = [];
  const open = () => {
    connections.push(database.connect());
    return new Kysely<never>({ dialect: postgresDialect(connections.at(-1)!) });
  };
  return {
    write: open,
    read: open,
    async close() {
      for (const connection of connections) await connection.close();
      await database.drop();
    },
  };
}
