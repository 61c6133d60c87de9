/** Tables of the Workspace: portal sessions, who signed out when, when the latest ended, devices, secrets of this tenant, nonces that were used. */
import type { Database } from '#protocol/service-config';
import type { Log } from '#runtime/log/log';
import { readSecret } from '#runtime/service/config';
import { type OpenedDatabase, openDatabase, type Sql } from '#runtime/sql/database';
import type { Migrations } from '#runtime/sql/migrate';

export interface Tables {
  workspace_session: {
    /** SHA-256 of what the cookie holds */
    id: string;
    /** JSON of `User` */
    person: string;
    csrf: string;
    device_nonce: string;
    /** by which the provider knows whom to sign out; empty where it is too long for a URL */
    id_token: string;
    /** ms */
    created_at: number;
    seen_at: number;
  };
  /** the person's last sign-out; ms */
  workspace_sign_out: { subject: string; at: number };
  /** a person's devices: the keys to which their access is saved */
  workspace_device: {
    subject: string;
    /** thumbprint of the sign key */
    jkt: string;
    upn: string;
    /** 1: the device says so; nobody attests it */
    claims_hardware: number;
    /** ms */
    first_seen_at: number;
    seen_at: number;
  };
  workspace_secret: { name: string; value: string };
  workspace_used_nonce: { nonce: string /** ms */; expires_at: number };
  /** `ended`: the latest end of a session; `everybody`: when all were ended at once; ms */
  workspace_mark: { name: 'ended' | 'everybody'; at: number };
}

const MIGRATIONS: Migrations = {
  service: 'workspace',
  steps: [
    [
      `create table workspace_session (
        id text primary key, person text not null, csrf text not null, device_nonce text not null, id_token text not null,
        created_at bigint not null, seen_at bigint not null)`,
      'create table workspace_sign_out (subject text primary key, at bigint not null)',
      'create index workspace_session_seen on workspace_session (seen_at)',
      `create table workspace_device (
        subject text not null, jkt text not null, upn text not null, claims_hardware bigint not null, first_seen_at bigint not null,
        seen_at bigint not null, primary key (subject, jkt))`,
      'create table workspace_secret (name text primary key, value text not null)',
      'create table workspace_used_nonce (nonce text primary key, expires_at bigint not null)',
      'create index workspace_used_nonce_expiry on workspace_used_nonce (expires_at)',
    ],
    ['create table workspace_mark (name text primary key, at bigint not null)'],
  ],
};

export type Store = OpenedDatabase<Tables>;

/** A portal session ends after 8 hours without use, and after a day in any case (B-I4). ms */
export const IDLE_MS = 8 * 3_600_000;
export const ABSOLUTE_MS = 24 * 3_600_000;

export function openStore(database: Database, log: Log): Promise<Store> {
  return openDatabase<Tables>(database, MIGRATIONS, { log, secret: readSecret });
}

/** Marks a nonce as used until `expiresAt` (ms); false when it was used before, here or on another instance. */
export async function useNonce({ sql }: Store, nonce: string, expiresAt: number): Promise<boolean> {
  const made = await sql
    .insertInto('workspace_used_nonce')
    .values({ nonce, expires_at: expiresAt })
    .onConflict((conflict) => conflict.column('nonce').doNothing())
    .returning('nonce')
    .executeTakeFirst();
  return made !== undefined;
}

/** How long a sign-out is remembered: the provider does not take an older session either (`max_age`). ms */
export const SIGN_OUT_KEPT_MS = 30 * 24 * 3_600_000;

export async function rememberSignOut({ sql }: Store, subject: string, at: number): Promise<void> {
  const row = { subject, at };
  await sql
    .insertInto('workspace_sign_out')
    .values(row)
    .onConflict((conflict) => conflict.column('subject').doUpdateSet(row))
    .execute();
}

/** When this person last signed out, or was signed out with everybody, ms; 0: never, as far as is remembered. */
export async function lastSignOut({ sql }: Store, subject: string): Promise<number> {
  const row = await sql.selectFrom('workspace_sign_out').select('at').where('subject', '=', subject).executeTakeFirst();
  return Math.max(row?.at ?? 0, await markOf(sql, 'everybody'));
}

/** When a session last ended, ms; 0: never, as far as is remembered. */
export function latestEnd(sql: Sql<Tables>): Promise<number> {
  return markOf(sql, 'ended');
}

/** Gives `at`, ms. */
export async function noteEnd(sql: Sql<Tables>, at: number): Promise<number> {
  return setMark(sql, 'ended', at);
}

/** Gives `at`, ms: whose sign-in at the provider is older is nobody's. */
export async function endEverySession(sql: Sql<Tables>, at: number): Promise<number> {
  await sql.deleteFrom('workspace_session').execute();
  await setMark(sql, 'everybody', at);
  return setMark(sql, 'ended', at);
}

async function markOf(sql: Sql<Tables>, name: Tables['workspace_mark']['name']): Promise<number> {
  return (await sql.selectFrom('workspace_mark').select('at').where('name', '=', name).executeTakeFirst())?.at ?? 0;
}

async function setMark(sql: Sql<Tables>, name: Tables['workspace_mark']['name'], at: number): Promise<number> {
  await sql
    .insertInto('workspace_mark')
    .values({ name, at })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ at }))
    .execute();
  return at;
}

/** A device that is not seen for so long holds no lease any more: the longest lasts 30 days. ms */
const DEVICE_KEPT_MS = 40 * 24 * 3_600_000;

export async function removeExpired({ sql }: Store, now: number): Promise<void> {
  await sql.deleteFrom('workspace_used_nonce').where('expires_at', '<', now).execute();
  await sql
    .deleteFrom('workspace_sign_out')
    .where('at', '<', now - SIGN_OUT_KEPT_MS)
    .execute();
  await sql
    .deleteFrom('workspace_mark')
    .where('name', '=', 'everybody')
    .where('at', '<', now - SIGN_OUT_KEPT_MS)
    .execute();
  await sql
    .deleteFrom('workspace_device')
    .where('seen_at', '<', now - DEVICE_KEPT_MS)
    .execute();
  await sql
    .deleteFrom('workspace_session')
    .where('seen_at', '<', now - IDLE_MS)
    .execute();
  await sql
    .deleteFrom('workspace_session')
    .where('created_at', '<', now - ABSOLUTE_MS)
    .execute();
}
