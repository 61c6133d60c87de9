/** Migrations: numbered steps, each run once. A step never changes after its release; a new one is added. */
import { type Kysely, sql, type Transaction } from 'kysely';
import { HoldfastError } from '#protocol/errors';

export interface Migrations {
  /** whose tables they are; several services may share one database */
  readonly service: string;
  /** each step's statements, in the SQL that both databases understand */
  readonly steps: readonly (readonly string[])[];
}

/** Runs the missing steps. Refuses a database that a newer version has changed already. */
export async function migrate<T>(transaction: Transaction<T>, { service, steps }: Migrations): Promise<void> {
  await sql`create table if not exists holdfast_schema (service text primary key, version bigint not null)`.execute(transaction);
  await sql`create table if not exists holdfast_ready (service text primary key, turn bigint not null)`.execute(transaction);
  const { rows } = await sql<{ version: number }>`select version from holdfast_schema where service = ${service}`.execute(transaction);
  const version = rows[0]?.version ?? 0;
  if (version > steps.length) {
    throw new HoldfastError('bad_config', { reason: 'database-newer', theirs: version, ours: steps.length });
  }
  for (const statement of steps.slice(version).flat()) await sql.raw(statement).execute(transaction);
  await sql`insert into holdfast_schema (service, version) values (${service}, ${steps.length})
    on conflict (service) do update set version = excluded.version`.execute(transaction);
}

/** Writes something else each time: a database that is read-only or full may well answer questions. */
export async function tryWrite<T>(database: Kysely<T>, { service }: Migrations): Promise<void> {
  await sql`insert into holdfast_ready (service, turn) values (${service}, 1)
    on conflict (service) do update set turn = holdfast_ready.turn + 1`.execute(database);
}
