/** Tables of the root of trust: join tokens, the ledger of keys, location keys, blocks, names that can be blocked. */
import type { SeenName } from '#protocol/cloud-api';
import type { Database } from '#protocol/service-config';
import type { Log } from '#runtime/log/log';
import { readSecret } from '#runtime/service/config';
import { type OpenedDatabase, openDatabase } from '#runtime/sql/database';
import type { Migrations } from '#runtime/sql/migrate';

export interface Tables {
  root_join_token: {
    jti: string;
    role: string;
    id: string;
    location: string | null;
    /** seconds */
    expires: number;
    used_at: number | null;
  };
  /** the ledger: a row for every key that was ever stated; none is removed */
  root_key: {
    /** thumbprint of the sign key */
    kid: string;
    role: string;
    id: string;
    location: string | null;
    tls: string;
    /** JSON of `ComponentKeys` */
    keys: string;
    /** the newest one for it */
    statement: string;
    by: 'enrolment' | 'rotation';
    /** seconds: when it was first stated, when last, and when its newest statement ends */
    since: number;
    stated_at: number;
    ends: number;
    /** its component has another one since */
    replaced_at: number | null;
    /** refused from then on */
    withdrawn_at: number | null;
    /** its component was removed from the site */
    removed_at: number | null;
  };
  root_location_key: {
    location: string;
    /** thumbprint of the public key */
    kid: string;
    /** JSON of `LocationKey` */
    key: string;
    valid_from: number;
  };
  root_block: {
    /** position in the order of creation */
    position: number;
    /** JSON of `RevokedTarget` */
    target: string;
    valid_from: number;
    until: number;
    forget: number;
    /** when an administrator took it away; it is listed as removed until `forget` */
    removed_at: number | null;
  };
  root_list: {
    name: string;
    version: number;
  };
  /** names that people were seen with, as a Workspace told them */
  root_known_name: {
    kind: SeenName['kind'];
    /** a subject, a group's name in its one form, a device's thumbprint */
    name: string;
    /** a person's user principal name in its one form */
    alias: string | null;
    /** seconds */
    seen_at: number;
  };
}

/** Characters of JSON in one column: keys and targets are a few hundred. */
export const ROW_BYTES = 4_096;

const MIGRATIONS: Migrations = {
  service: 'root-of-trust',
  steps: [
    [
      `create table root_join_token (
        jti text primary key, role text not null, id text not null, location text, expires bigint not null, used_at bigint)`,
      `create table root_key (
        kid text primary key, role text not null, id text not null, location text, tls text not null unique, keys text not null,
        statement text not null, by text not null, since bigint not null, stated_at bigint not null, ends bigint not null,
        replaced_at bigint, withdrawn_at bigint, removed_at bigint)`,
      'create unique index root_key_current on root_key (role, id) where replaced_at is null',
      `create table root_location_key (
        location text not null, kid text not null, key text not null, valid_from bigint not null, primary key (location, kid))`,
      `create table root_block (
        position bigint primary key, target text not null, valid_from bigint not null, until bigint not null, forget bigint not null,
        removed_at bigint)`,
      `create table root_known_name (
        kind text not null, name text not null, alias text, seen_at bigint not null, primary key (name, kind))`,
      'create index root_known_name_alias on root_known_name (alias)',
      'create index root_known_name_seen on root_known_name (seen_at)',
      'create table root_list (name text primary key, version bigint not null)',
      `insert into root_list (name, version) values ('revocations', 1)`,
    ],
  ],
};

export type Store = OpenedDatabase<Tables>;

export function openStore(database: Database, log: Log): Promise<Store> {
  return openDatabase<Tables>(database, MIGRATIONS, { log, secret: readSecret });
}
