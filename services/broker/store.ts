/** The site document with its history; what connectors report: themselves, their session hosts, the sessions there; and what was brokered a moment ago. */
import { heldPlaces } from '#core/placement/held-places';
import type { RegisteredSessionHost } from '#core/placement/session-host';
import { Registration } from '#protocol/channel';
import { LIMITS } from '#protocol/limits';
import { parseJson } from '#protocol/parse';
import type { Database } from '#protocol/service-config';
import type { Log } from '#runtime/log/log';
import { readSecret } from '#runtime/service/config';
import { type OpenedDatabase, openDatabase, type Sql } from '#runtime/sql/database';
import type { Migrations } from '#runtime/sql/migrate';

export interface Tables {
  /** every version of the site document */
  broker_site: {
    version: number;
    digest: string /** ms */;
    put_at: number;
    put_by: string /** JSON of `SiteDocument` */;
    document: string;
  };
  /** the newest version that a reader was seen to hold, where it was newer than any here */
  broker_site_held: { name: string; version: number };
  broker_connector: { id: string; location: string /** ms */; seen_at: number };
  /** a session host as one connector sees it */
  broker_host: { connector: string; id: string; location: string /** JSON of `Registration` */; registration: string; changed_at: number };
  /** a session that was granted and may not be reported yet */
  broker_grant: {
    session: string;
    host: string;
    subject: string /** thumbprint of its key */;
    device: string;
    resource: string;
    mode: string;
    granted_at: number;
  };
}

const MIGRATIONS: Migrations = {
  service: 'broker',
  steps: [
    [
      `create table broker_site (
        version bigint primary key, digest text not null, put_at bigint not null, put_by text not null, document text not null)`,
      'create table broker_connector (id text primary key, location text not null, seen_at bigint not null)',
      `create table broker_host (
        connector text not null, id text not null, location text not null, registration text not null, changed_at bigint not null,
        primary key (connector, id))`,
      'create index broker_host_location on broker_host (location)',
      `create table broker_grant (
        session text primary key, host text not null, subject text not null, device text not null, resource text not null,
        mode text not null, granted_at bigint not null)`,
      'create index broker_grant_time on broker_grant (granted_at)',
    ],
    ['create table broker_site_held (name text primary key, version bigint not null)'],
  ],
};

/** Granted sessions count against their host until the host reports them, at most this long. */
const GRANT_COUNTS_MS = 60_000;

export interface Store {
  readonly database: OpenedDatabase<Tables>;
  /** ids of the connectors of a location that reported since `since` */
  liveConnectors(location: string, since: number): Promise<readonly string[]>;
  /** session hosts that a connector of the location reported since `since`, each by its newest report */
  liveSessionHosts(sql: Sql<Tables>, location: string, since: number, now: number): Promise<readonly RegisteredSessionHost[]>;
  /** replaces one connector's report */
  report(connector: { id: string; location: string }, hosts: readonly Registration[], now: number): Promise<void>;
}

export async function openStore(config: Database, log: Log): Promise<Store> {
  const database = await openDatabase<Tables>(config, MIGRATIONS, { log, secret: readSecret });
  return {
    database,
    async liveConnectors(location, since) {
      const query = database.sql.selectFrom('broker_connector').select('id').where('location', '=', location).where('seen_at', '>=', since);
      return (await query.orderBy('id').execute()).map(({ id }) => id);
    },
    liveSessionHosts,
    report: (connector, hosts, now) => database.sql.transaction().execute((sql) => report(sql, connector, hosts, now)),
  };
}

async function liveSessionHosts(sql: Sql<Tables>, location: string, since: number, now: number): Promise<readonly RegisteredSessionHost[]> {
  const rows = await sql
    .selectFrom('broker_host')
    .innerJoin('broker_connector', 'broker_connector.id', 'broker_host.connector')
    .select(['broker_host.id', 'broker_host.registration'])
    .where('broker_host.location', '=', location)
    .where('broker_connector.seen_at', '>=', since)
    .orderBy('broker_host.changed_at', 'asc')
    .execute();
  const granted = await sql
    .selectFrom('broker_grant')
    .select(['host', 'session', 'subject'])
    .where('granted_at', '>=', now - GRANT_COUNTS_MS)
    .orderBy('granted_at', 'desc')
    .execute();
  const newest = new Map(rows.map(({ id, registration }) => [id, parseJson(Registration, registration, LIMITS.configBytes, 'internal')]));
  const reported = new Set([...newest.values()].flatMap(({ sessions }) => sessions.map(({ session }) => session)));
  const unattached = granted.filter(({ session }) => !reported.has(session));
  const places = heldPlaces(unattached.map(({ host, subject }) => ({ sessionHost: host, subject })));
  return [...newest.values()].map((host) => ({ ...host, promised: places.get(host.id) ?? 0 }));
}

/** Only changes are written: most reports repeat the previous one. */
async function report(
  sql: Sql<Tables>,
  { id: connector, location }: { id: string; location: string },
  hosts: readonly Registration[],
  now: number,
) {
  const seen = { location, seen_at: now };
  await sql
    .insertInto('broker_connector')
    .values({ id: connector, ...seen })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(seen))
    .execute();
  const rows = await sql.selectFrom('broker_host').select(['id', 'registration']).where('connector', '=', connector).execute();
  const held = new Map(rows.map(({ id, registration }) => [id, registration]));
  for (const host of hosts) {
    const registration = JSON.stringify(host);
    if (held.get(host.id) !== registration) {
      const row = { location, registration, changed_at: now };
      await sql
        .insertInto('broker_host')
        .values({ connector, id: host.id, ...row })
        .onConflict((conflict) => conflict.columns(['connector', 'id']).doUpdateSet(row))
        .execute();
    }
    held.delete(host.id);
  }
  for (const id of held.keys()) await sql.deleteFrom('broker_host').where('connector', '=', connector).where('id', '=', id).execute();
}
