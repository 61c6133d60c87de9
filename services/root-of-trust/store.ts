/** Tables of the root of trust: join tokens, components, location keys, blocks. */
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
  root_component: {
    role: string;
    id: string;
    location: string | null;
    tls: string;
    /** thumbprint of the sign key */
    kid: string;
    statement: string;
    /** seconds */
    stated_at: number;
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
  };
  root_list: {
    name: string;
    version: number;
  };
}

const MIGRATIONS: Migrations = {
  service: 'root-of-trust',
  steps: [
    [
      `create table root_join_token (
        jti text primary key, role text not null, id text not null, location text, expires bigint not null, used_at bigint)`,
      `create table root_component (
        role text not null, id text not null, location text, tls text not null, kid text not null, statement text not null,
        stated_at bigint not null, primary key (role, id))`,
      'create unique index root_component_kid on root_component (kid)',
      `create table root_location_key (
        location text not null, kid text not null, key text not null, valid_from bigint not null, primary key (location, kid))`,
      `create table root_block (
        position bigint primary key, target text not null, valid_from bigint not null, until bigint not null, forget bigint not null)`,
      'create table root_list (name text primary key, version bigint not null)',
      `insert into root_list (name, version) values ('revocations', 1)`,
    ],
  ],
};

export type Store = OpenedDatabase<Tables>;

export function openStore(database: Database, log: Log): Promise<Store> {
  return openDatabase<Tables>(database, MIGRATIONS, { log, secret: readSecret });
}
