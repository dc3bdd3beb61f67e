import { bulkInsert, rowSum, type TableName } from '@sparekey/read-models';
import type { Kysely } from 'kysely';
import { COLUMNS, type DirectoryTables } from './tables.ts';

type Rows = { [Table in keyof DirectoryTables]: DirectoryTables[Table] };

/**
 * Rows of one table while a batch is applied: read when they are first asked for, written once at its end, with what that
 * changes of the checksum.
 */
export class RowsInHand<Table extends keyof DirectoryTables> {
  readonly #before = new Map<string, Rows[Table] | undefined>();
  readonly #now = new Map<string, Rows[Table] | undefined>();

  constructor(
    private readonly database: Kysely<DirectoryTables>,
    private readonly name: TableName,
    private readonly table: Table,
    /** The columns that tell rows apart. */
    private readonly key: readonly (keyof Rows[Table] & string)[],
  ) {}

  /** Reads at once what {@link get} will be asked for one by one. Of a table whose rows one column tells apart. */
  async load(ids: readonly string[]): Promise<void> {
    const missing = [...new Set(ids)].filter((id) => !this.#now.has(id));
    if (missing.length === 0) return;
    const [column] = this.key;
    const query = this.database.selectFrom(this.name(this.table) as 'person').selectAll();
    const found = (await query.where(column as 'id', 'in', missing).execute()) as unknown as Rows[Table][];
    const rows = new Map(found.map((row) => [row[column!] as string, row]));
    for (const id of missing) {
      this.#before.set(id, rows.get(id));
      this.#now.set(id, rows.get(id));
    }
  }

  async get(...values: readonly string[]): Promise<Rows[Table] | undefined> {
    const id = values.join(' ');
    if (!this.#now.has(id)) {
      let query = this.database.selectFrom(this.name(this.table) as 'person').selectAll();
      this.key.forEach((column, index) => {
        query = query.where(column as 'id', '=', values[index]!);
      });
      const row = (await query.executeTakeFirst()) as Rows[Table] | undefined;
      this.#before.set(id, row);
      this.#now.set(id, row);
    }
    return this.#now.get(id);
  }

  /** Of a row that {@link get} was asked for. */
  set(row: Rows[Table]): void {
    this.#now.set(this.key.map((column) => row[column] as string).join(' '), row);
  }

  async delete(...values: readonly string[]): Promise<void> {
    if (await this.get(...values)) this.#now.set(values.join(' '), undefined);
  }

  /** @returns by how much the checksum changes */
  async write(): Promise<bigint> {
    const columns = COLUMNS[this.table] as readonly string[] as readonly (keyof Rows[Table] & string)[];
    const table = this.name(this.table);
    const rows: unknown[][] = [];
    let change = 0n;
    for (const [id, row] of this.#now) {
      const before = this.#before.get(id);
      if (before === row) continue;
      if (before) change -= this.#sum(before, columns);
      if (row) {
        change += this.#sum(row, columns);
        rows.push(columns.map((column) => row[column]));
      } else await this.#remove(id);
    }
    await bulkInsert(this.database as unknown as Kysely<never>, table, columns, rows, this.key);
    return change;
  }

  #sum(row: Rows[Table], columns: readonly (keyof Rows[Table] & string)[]): bigint {
    return rowSum([this.table, ...columns.map((column) => row[column])]);
  }

  async #remove(id: string): Promise<void> {
    const values = id.split(' ');
    let query = this.database.deleteFrom(this.name(this.table) as 'person');
    this.key.forEach((column, index) => {
      query = query.where(column as 'id', '=', values[index]!);
    });
    await query.execute();
  }
}
