/** The job table: what was requested, when, and with which outcome. It never holds leases. */
import type { Database } from '#protocol/service-config';
import type { Log } from '#runtime/log/log';
import { readSecret } from '#runtime/service/config';
import { type OpenedDatabase, openDatabase } from '#runtime/sql/database';
import type { Migrations } from '#runtime/sql/migrate';

export interface Tables {
  lease_job: {
    id: string;
    /** the instance that runs it: the caller waits on its connection */
    owner: string;
    subject: string;
    jkt: string;
    state: 'queued' | 'running' | 'done' | 'failed';
    /** ms */
    queued_at: number;
    started_at: number | null;
    finished_at: number | null;
    leases: number | null;
    /** why it failed: an error code */
    detail: string | null;
  };
}

const MIGRATIONS: Migrations = {
  service: 'lease-issuer',
  steps: [
    [
      `create table lease_job (
        id text primary key, owner text not null, subject text not null, jkt text not null, state text not null,
        queued_at bigint not null, started_at bigint, finished_at bigint, leases bigint, detail text)`,
      'create index lease_job_state on lease_job (state, owner)',
    ],
  ],
};

export type Store = OpenedDatabase<Tables>;

export function openStore(database: Database, log: Log): Promise<Store> {
  return openDatabase<Tables>(database, MIGRATIONS, { log, secret: readSecret });
}
