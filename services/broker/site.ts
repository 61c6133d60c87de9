/**
 * The site document, which this service owns: its newest versions in the database, the last of them in memory. Another instance's change is
 * noticed within 2 s.
 */
import { EventEmitter, once } from 'node:events';
import { readSite, type Site } from '#core/access/site';
import { locationParts } from '#core/access/site-part';
import type { SiteChange, SiteVersion } from '#protocol/cloud-api';
import { HoldfastError } from '#protocol/errors';
import { LIMITS } from '#protocol/limits';
import { parseJson } from '#protocol/parse';
import { type AccessRules, SiteDocument } from '#protocol/site-document';
import { sha256 } from '#runtime/jose/primitives';
import type { Log } from '#runtime/log/log';
import type { OpenedDatabase, Sql } from '#runtime/sql/database';
import type { Tables } from './store.ts';

export interface CurrentSite extends SiteVersion {
  readonly document: SiteDocument;
  readonly site: Site;
  /** a location's part of it */
  readonly part: (location: string) => AccessRules;
}

export interface OwnSite {
  /** Throws `unavailable` while there is no document. */
  current(): CurrentSite;
  complaint(): HoldfastError | undefined;
  /** A reader holds it. One that is newer than ours was lost: no version up to it is ever given to another document. */
  heard(version: number): Promise<void>;
  /** the newest version that readers hold, where it is newer than ours */
  lost(): number | undefined;
  /** Resolves when the newest version is another than `have`, or `signal` has aborted. */
  otherThan(have: SiteVersion, signal: AbortSignal): Promise<void>;
  /** Makes a new version, unless the newest one says the same. Throws `conflict` when the newest one is not `expect`. */
  put(document: SiteDocument, by: { readonly name: string; readonly expect: number }): Promise<SiteChange>;
  /** one version, or the newest. Throws `not_found`. */
  version(version?: number): Promise<SiteChange & { readonly document: SiteDocument }>;
  /** newest first */
  history(): Promise<SiteChange[]>;
}

const LOOK_MS = 2_000;
/** A reader that says more than this beyond ours is not believed: no number must be the last. */
const LOST_MAX = 1_000_000;
/** Versions that are kept: years of an ordinary site's changes; a document may have megabytes. */
const VERSIONS_KEPT = 200;

export interface OwnSiteOptions {
  readonly database: OpenedDatabase<Tables>;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** ms */
  readonly now: () => number;
  /** versions */
  readonly kept?: number;
}

export async function openOwnSite({ database, log, signal, now, kept = VERSIONS_KEPT }: OwnSiteOptions): Promise<OwnSite> {
  const changes = new EventEmitter().setMaxListeners(0);
  let current: CurrentSite | undefined;
  let held = await heldByReaders(database.sql);
  const lost = () => (held > (current?.version ?? 0) ? held : undefined);
  const look = async () => {
    held = Math.max(held, await heldByReaders(database.sql));
    const newest = await newestOf(database.sql);
    if (newest === undefined || isSame(newest, current)) return;
    const { document } = await versionOf(database.sql, newest.version);
    const { version, digest } = newest;
    current = { version, digest, document, site: readSite(document), part: locationParts(document) };
    log.info({ version: newest.version, by: newest.by, resources: document.resources.length }, 'The site document has changed.');
    changes.emit('change');
  };
  await look();
  // That the database is away, the readiness says; the site in memory goes on being used.
  const lookAgain = () => void look().catch((err: unknown) => log.debug({ err }, 'Cannot look for another site document.'));
  const looking = setInterval(lookAgain, LOOK_MS).unref();
  signal.addEventListener('abort', () => clearInterval(looking));

  return {
    current() {
      if (current === undefined) throw new HoldfastError('unavailable', { reason: 'no-site' });
      return current;
    },
    complaint: () => (current === undefined ? new HoldfastError('unavailable', { reason: 'no-site' }) : undefined),
    async heard(version) {
      const own = current?.version ?? 0;
      if (version <= Math.max(own, held) || version > own + LOST_MAX) return;
      if (lost() === undefined)
        log.error(
          { version: own, held: version },
          'The database was restored from a backup: readers hold a newer site document. Import one.',
        );
      held = version;
      await rememberHeld(database.sql, version);
    },
    lost,
    async otherThan(have, until) {
      if (isSame(have, current)) await once(changes, 'change', { signal: until }).catch(() => {});
    },
    async put(document, { name, expect }) {
      const change = await database.exclusively('site document', (sql) => insert(sql, document, { name, expect, at: now(), kept, held }));
      await look();
      return change;
    },
    version: (version) => versionOf(database.sql, version),
    history: async () => (await changesOf(database.sql).execute()).map(toChange),
  };
}

async function heldByReaders(sql: Sql<Tables>): Promise<number> {
  const row = await sql.selectFrom('broker_site_held').select('version').executeTakeFirst();
  return row === undefined ? 0 : Number(row.version);
}

async function rememberHeld(sql: Sql<Tables>, version: number): Promise<void> {
  await sql
    .insertInto('broker_site_held')
    .values({ name: 'readers', version })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ version }).where('broker_site_held.version', '<', version))
    .execute();
}

function isSame(a: SiteVersion, b: SiteVersion | undefined): boolean {
  return a.version === b?.version && a.digest === b.digest;
}

type Row = Omit<Tables['broker_site'], 'document'>;

function toChange({ version, digest, put_at: at, put_by: by }: Row): SiteChange {
  return { version, digest, at, by };
}

function changesOf(sql: Sql<Tables>) {
  return sql.selectFrom('broker_site').select(['version', 'digest', 'put_at', 'put_by']).orderBy('version', 'desc');
}

async function newestOf(sql: Sql<Tables>): Promise<SiteChange | undefined> {
  const row = await changesOf(sql).limit(1).executeTakeFirst();
  return row && toChange(row);
}

async function versionOf(sql: Sql<Tables>, version?: number): Promise<SiteChange & { readonly document: SiteDocument }> {
  const rows = sql.selectFrom('broker_site').selectAll().orderBy('version', 'desc').limit(1);
  const row = await (version === undefined ? rows : rows.where('version', '=', version)).executeTakeFirst();
  if (row === undefined)
    throw new HoldfastError('not_found', version === undefined ? { reason: 'no-site' } : { reason: 'site-version', count: version });
  return { ...toChange(row), document: parseJson(SiteDocument, row.document, LIMITS.leaseSyncBytes, 'internal') };
}

interface Put {
  readonly name: string;
  readonly expect: number;
  /** ms */
  readonly at: number;
  /** versions */
  readonly kept: number;
  /** the newest version that readers hold */
  readonly held: number;
}

async function insert(sql: Sql<Tables>, document: SiteDocument, { name, expect, at, kept, held }: Put): Promise<SiteChange> {
  const text = JSON.stringify(document);
  const digest = sha256(text);
  const newest = await newestOf(sql);
  const version = newest?.version ?? 0;
  // Readers that hold a newer one take no older, so that the same document needs another number.
  if (newest?.digest === digest && held <= version) return newest;
  if (version !== expect)
    throw new HoldfastError('conflict', { reason: 'site-version', count: version, name: newest?.by ?? '-', least: expect });
  const row = { version: Math.max(version, held) + 1, digest, put_at: at, put_by: name, document: text };
  await sql.insertInto('broker_site').values(row).execute();
  const { version: oldest } = (await changesOf(sql).offset(kept).limit(1).executeTakeFirst()) ?? { version: 0 };
  await sql.deleteFrom('broker_site').where('version', '<=', oldest).execute();
  return toChange(row);
}
