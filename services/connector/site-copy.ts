/**
 * The local host cache: a copy of the site configuration in a SQLite file of its own. A new copy is written beside the old one
 * and replaces it by one rename, so that there is always exactly one complete copy, even after a power cut (B-R1).
 */
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as v from 'valibot';
import { readSite, type Site } from '#core/access/site';
import { HoldfastError } from '#protocol/errors';
import { LIMITS } from '#protocol/limits';
import { parse, parseJson } from '#protocol/parse';
import { Digest, Millis } from '#protocol/primitives';
import { SiteDocument } from '#protocol/site-document';

export interface SiteCopy {
  readonly version: string;
  /** ms since 1970: when the broker gave it */
  readonly syncedAt: number;
  readonly site: Site;
}

const Row = v.object({ version: Digest, synced_at: Millis, config: v.string() });

/** The copy on disk; undefined when there is none. A damaged one throws `bad_config`. */
export function readSiteCopy(dataDir: string): SiteCopy | undefined {
  const database = openIfThere(join(dataDir, 'site.sqlite'));
  if (database === undefined) return undefined;
  try {
    const row = parse(Row, database.prepare('select version, synced_at, config from copy').get(), 'bad_config');
    const config = parseJson(SiteDocument, row.config, LIMITS.leaseSyncBytes, 'bad_config');
    return { version: row.version, syncedAt: row.synced_at, site: readSite(config) };
  } catch (cause) {
    throw new HoldfastError('bad_config', { reason: 'copy-damaged' }, { cause });
  } finally {
    database.close();
  }
}

export async function writeSiteCopy(dataDir: string, version: string, config: SiteDocument, syncedAt: number): Promise<SiteCopy> {
  const temporary = join(dataDir, '.site.sqlite.tmp');
  await rm(temporary, { force: true });
  const database = new DatabaseSync(temporary);
  try {
    database.exec('pragma synchronous = full; create table copy (version text not null, synced_at integer not null, config text not null)');
    database.prepare('insert into copy (version, synced_at, config) values (?, ?, ?)').run(version, syncedAt, JSON.stringify(config));
  } finally {
    database.close();
  }
  await rename(temporary, join(dataDir, 'site.sqlite'));
  return { version, syncedAt, site: readSite(config) };
}

function openIfThere(path: string): DatabaseSync | undefined {
  try {
    return new DatabaseSync(path, { readOnly: true });
  } catch {
    return undefined;
  }
}
