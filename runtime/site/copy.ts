/**
 * A service's own copy of the site document (or of its part of it), in a SQLite file. A new copy is written beside the old one and
 * takes its place by one rename, so that there is always exactly one complete copy, whatever is switched off when (B-R1).
 */
import { chmod, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as v from 'valibot';
import { HoldfastError } from '#protocol/errors';
import { LIMITS } from '#protocol/limits';
import { parse, parseJson } from '#protocol/parse';
import { Count, Digest, Millis } from '#protocol/primitives';

export interface SiteCopy<T> {
  readonly version: number;
  readonly digest: string;
  /** ms since 1970: when the broker gave it */
  readonly takenAt: number;
  readonly site: T;
}

/** What the broker gave: `document` as it came. */
export interface Given {
  readonly version: number;
  readonly digest: string;
  readonly document: unknown;
}

const Row = v.object({ version: Count, digest: Digest, taken_at: Millis, document: v.string() });

/** The copy on disk; undefined when there is none. A damaged one throws `bad_config`. */
export function readSiteCopy<S extends v.GenericSchema>(dataDir: string, schema: S): SiteCopy<v.InferOutput<S>> | undefined {
  const database = openIfThere(join(dataDir, FILE));
  if (database === undefined) return undefined;
  try {
    const row = parse(Row, database.prepare('select version, digest, taken_at, document from copy').get(), 'bad_config');
    const site = parseJson(schema, row.document, LIMITS.leaseSyncBytes, 'bad_config');
    return { version: row.version, digest: row.digest, takenAt: row.taken_at, site };
  } catch (cause) {
    throw new HoldfastError('bad_config', { reason: 'copy-damaged' }, { cause });
  } finally {
    database.close();
  }
}

/** Checks what was given before anything is replaced. Throws `unavailable` when it is no such document. */
export async function writeSiteCopy<S extends v.GenericSchema>(
  dataDir: string,
  schema: S,
  { version, digest, document }: Given,
  takenAt: number,
): Promise<SiteCopy<v.InferOutput<S>>> {
  const site = parse(schema, document, 'unavailable');
  const temporary = join(dataDir, `.${FILE}.tmp`);
  await rm(temporary, { force: true });
  const database = new DatabaseSync(temporary);
  try {
    await chmod(temporary, 0o600);
    database.exec(
      'pragma synchronous = full; create table copy (version integer not null, digest text not null, taken_at integer not null, document text not null)',
    );
    const insert = database.prepare('insert into copy (version, digest, taken_at, document) values (?, ?, ?, ?)');
    insert.run(version, digest, takenAt, JSON.stringify(document));
  } finally {
    database.close();
  }
  await rename(temporary, join(dataDir, FILE));
  return { version, digest, takenAt, site };
}

const FILE = 'site.sqlite';

function openIfThere(path: string): DatabaseSync | undefined {
  try {
    return new DatabaseSync(path, { readOnly: true });
  } catch {
    return undefined;
  }
}
