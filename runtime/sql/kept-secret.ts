/** A secret that a service generates and keeps in its database: the same after a restart and on every instance. */
import { sql } from 'kysely';
import type { OpenedDatabase } from './database.ts';

/** The value of that name in `table` (columns `name` and `value`); generated when there is none. */
export function keptSecret<T>(store: OpenedDatabase<T>, table: keyof T & string, name: string, make: () => string): Promise<string> {
  return store.exclusively(table, async (transaction) => {
    const kept = await sql<{ value: string }>`select value from ${sql.table(table)} where name = ${name}`.execute(transaction);
    const [row] = kept.rows;
    if (row !== undefined) return row.value;
    const value = make();
    await sql`insert into ${sql.table(table)} (name, value) values (${name}, ${value})`.execute(transaction);
    return value;
  });
}
