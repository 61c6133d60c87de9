/** What the provider keeps between requests: sessions, codes, grants. Secrets of the provider itself are kept here too. */
import type { Adapter, AdapterPayload } from 'oidc-provider';
import * as v from 'valibot';
import { LIMITS } from '#protocol/limits';
import { parseJson } from '#protocol/parse';
import type { Database } from '#protocol/service-config';
import type { Log } from '#runtime/log/log';
import { readSecret } from '#runtime/service/config';
import { type OpenedDatabase, openDatabase } from '#runtime/sql/database';
import type { Migrations } from '#runtime/sql/migrate';

export interface Tables {
  identity_record: {
    /** Session, AuthorizationCode, Grant, ... */
    model: string;
    id: string;
    payload: string;
    grant_id: string | null;
    uid: string | null;
    /** ms */
    expires_at: number | null;
    /** seconds */
    consumed_at: number | null;
  };
  identity_secret: { name: string; value: string };
  /** failed sign-ins of one account, known device or bucket of unknown names; `since`: ms */
  identity_failure: { who: string; count: number; since: number };
}

const MIGRATIONS: Migrations = {
  service: 'identity',
  steps: [
    [
      `create table identity_record (
        model text not null, id text not null, payload text not null, grant_id text, uid text, expires_at bigint, consumed_at bigint,
        primary key (model, id))`,
      'create index identity_record_grant on identity_record (grant_id)',
      'create index identity_record_uid on identity_record (uid)',
      'create index identity_record_expiry on identity_record (expires_at)',
      'create table identity_secret (name text primary key, value text not null)',
      'create table identity_failure (who text primary key, count integer not null, since bigint not null)',
    ],
  ],
};

/** Failures count, and a pause lasts, this long. */
export const PAUSE_MS = 60_000;

export type Store = OpenedDatabase<Tables>;

export function openStore(database: Database, log: Log): Promise<Store> {
  return openDatabase<Tables>(database, MIGRATIONS, { log, secret: readSecret });
}

/** Removes expired records; called periodically. */
export async function removeExpired({ sql }: Store): Promise<void> {
  await sql
    .deleteFrom('identity_failure')
    .where('since', '<', Date.now() - PAUSE_MS)
    .execute();
  await sql.deleteFrom('identity_record').where('expires_at', '<', Date.now()).execute();
}

const Payload = v.record(v.string(), v.unknown());

/** The provider's storage for one of its models. */
export function recordsOf({ sql }: Store, model: string): Adapter {
  const read = (
    rows: { payload: string; consumed_at: number | null; expires_at: number | null } | undefined,
  ): AdapterPayload | undefined => {
    if (rows === undefined || (rows.expires_at !== null && rows.expires_at < Date.now())) return undefined;
    const payload = parseJson(Payload, rows.payload, LIMITS.requestBodyBytes, 'internal');
    return rows.consumed_at === null ? payload : { ...payload, consumed: rows.consumed_at };
  };
  const records = () => sql.selectFrom('identity_record').select(['payload', 'consumed_at', 'expires_at']).where('model', '=', model);
  return {
    async upsert(id, payload, expiresIn) {
      const row = {
        payload: JSON.stringify(payload),
        grant_id: payload.grantId ?? null,
        uid: payload.uid ?? null,
        expires_at: expiresIn === undefined ? null : Date.now() + expiresIn * 1_000,
      };
      await sql
        .insertInto('identity_record')
        .values({ model, id, consumed_at: null, ...row })
        .onConflict((conflict) => conflict.columns(['model', 'id']).doUpdateSet(row))
        .execute();
    },
    find: async (id) => read(await records().where('id', '=', id).executeTakeFirst()),
    findByUid: async (uid) => read(await records().where('uid', '=', uid).executeTakeFirst()),
    // The device flow is off: there are no user codes.
    findByUserCode: async () => undefined,
    async consume(id) {
      const consumed_at = Math.floor(Date.now() / 1_000);
      await sql.updateTable('identity_record').set({ consumed_at }).where('model', '=', model).where('id', '=', id).execute();
    },
    async destroy(id) {
      await sql.deleteFrom('identity_record').where('model', '=', model).where('id', '=', id).execute();
    },
    async revokeByGrantId(grantId) {
      await sql.deleteFrom('identity_record').where('model', '=', model).where('grant_id', '=', grantId).execute();
    },
  };
}
