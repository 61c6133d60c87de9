/**
 * Connections to the one of several hosts that takes writes, the last good one first. A connection whose query was given up still waits
 * for that answer, and one to a server that takes no writes any more stays there: neither goes back to be used again.
 */
import type { PostgresPool, PostgresPoolClient } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { databaseFault, isGivenUp } from './faults.ts';

interface Host {
  readonly open: () => Pool;
  pool: Pool;
}

/** `opens`: how a pool of each host is made. */
export function poolOver(opens: readonly (() => Pool)[]): PostgresPool {
  const hosts: readonly Host[] = opens.map((open) => ({ open, pool: open() }));
  let last = hosts[0];
  return {
    async connect() {
      const faults: unknown[] = [];
      for (const host of [...hosts].sort((a, b) => Number(b === last) - Number(a === last))) {
        try {
          const client = await host.pool.connect();
          last = host;
          return guarded(client, host);
        } catch (thrown) {
          if (isPoolUsedUp(thrown)) throw thrown;
          faults.push(thrown);
        }
      }
      throw faults[0];
    },
    async end() {
      await Promise.all(hosts.map(({ pool }) => pool.end()));
    },
    options: {},
  };
}

/** All connections of a pool are in use: its server answers, so that another one is not asked. */
function isPoolUsedUp(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.message === 'timeout exceeded when trying to connect';
}

/** The client itself, which ends when it is given back after what no connection of its pool recovers from. */
function guarded(client: PoolClient, host: Host): PostgresPoolClient {
  const { pool } = host;
  let isSpoilt = false;
  const query = async (sql: string, values: unknown[]) => {
    try {
      return await client.query(sql, values);
    } catch (thrown) {
      isSpoilt ||= isGivenUp(thrown) || databaseFault(thrown) === 'database-read-only';
      if (isSpoilt) renew(host, pool);
      // Nothing more is said on it, not even the end of its transaction: that would have to wait, too.
      if (isGivenUp(thrown)) void client.end().catch(() => {});
      throw thrown;
    }
  };
  const release = (destroy = false) => client.release(destroy || isSpoilt);
  return Object.create(client, { query: { value: query }, release: { value: release } });
}

/** What holds for one connection of a pool holds for its idle ones, too. Those in use end when they are given back. */
function renew(host: Host, spoilt: Pool): void {
  if (host.pool !== spoilt) return;
  host.pool = host.open();
  void spoilt.end().catch(() => {});
}
