/**
 * The signed revocation list. It is signed anew when the service starts, when it changed, and when somebody asks and the last
 * signature is older than `RESIGN_SECONDS`: its age proves that this service still answers. That raises the version, too, so that a
 * peer passes the younger signature on.
 */
import { EventEmitter, once } from 'node:events';
import { judgeRevocationList } from '#core/trust/revocation';
import { HoldfastError } from '#protocol/errors';
import { TYP } from '#protocol/jose';
import { TIMES } from '#protocol/limits';
import type { Revocation, RevocationList, RevokedTarget } from '#protocol/trust';
import { nodeCrypto } from '#runtime/jose/primitives';
import type { SqlTransaction } from '#runtime/sql/database';
import type { Authority } from './authority.ts';
import { blockId } from './block-id.ts';
import { entriesOf, forgetOld, insertEntry, raiseVersion, removeEntries, versionOf } from './block-rows.ts';
import { keyNamed, markWithdrawn } from './ledger.ts';
import type { Store, Tables } from './store.ts';

export interface SignedList {
  readonly list: RevocationList;
  readonly token: string;
  /** of the key that signed it */
  readonly kid: string;
}

export interface Revocations {
  /** as last signed */
  held(): SignedList;
  /** signed at most 30 s ago, and not before the last change of any instance */
  fresh(): Promise<SignedList>;
  /** refuses what is issued within `days` from now, or was issued before (B-L5): an entry for each target */
  block(targets: readonly RevokedTarget[], days: number): Promise<{ readonly signed: SignedList; readonly entries: readonly Revocation[] }>;
  /** an entry within the caller's transaction, for what must hold together with it; `tell` when that is committed */
  enter(sql: SqlTransaction<Tables>, entry: Revocation): Promise<void>;
  /** signs the entries, and wakes waiting callers */
  tell(): Promise<SignedList>;
  /** throws `not_found` when no entry has this id */
  unblock(id: string): Promise<SignedList>;
  /**
   * Takes in a list that this service signed and its database no longer has: entries that are missing here, and its version, below which
   * nothing is signed any more. Returns how many were missing; undefined when there is nothing to take in, or it isn't ours.
   */
  takeBack(token: string): Promise<number | undefined>;
  /** What a component's clock says. No entry is forgotten by the root's own clock alone: it may be far ahead. */
  witness(now: number): void;
  /** resolves when somebody was blocked or unblocked since `version`, or when `signal` aborts */
  changedSince(version: number, signal: AbortSignal): Promise<void>;
}

const RESIGN_SECONDS = 30;
const DAY = 86_400;
/** An entry is needed while something issued before `until` may still be valid: a lease, or a component's statement. */
const FORGET_AFTER = { lease: TIMES.leaseDaysMax * DAY, key: TIMES.statementSeconds } as const;
/** Entries are kept so much longer: a component refuses a list that lacks what is not past by its own clock, which may be slow. */
const FORGET_MARGIN = DAY;
const LIST = 'revocations';

export async function openRevocations(store: Store, authority: Authority, now: () => number): Promise<Revocations> {
  let held = await sign(store, authority, now());
  let witnessed: number | undefined;
  /** what both clocks say to be over, as far as the other has been heard */
  const past = () => Math.min(now(), witnessed ?? now()) - FORGET_MARGIN;
  const changes = new EventEmitter().setMaxListeners(0);
  /** the version of the last block or removal: re-signing makes a newer list, but no news worth waking callers for */
  let changedAt = held.list.version;
  const signAgain = async () => {
    held = await sign(store, authority, now());
    return held;
  };
  const tell = async () => {
    const signed = await signAgain();
    changedAt = signed.list.version;
    changes.emit('change');
    return signed;
  };
  const change = (work: (sql: SqlTransaction<Tables>) => Promise<void>) =>
    store.exclusively(LIST, async (sql) => {
      await raiseVersion(sql);
      await work(sql);
    });
  const enter: Revocations['enter'] = async (sql, entry) => {
    await raiseVersion(sql);
    await insertEntry(sql, entry);
  };
  const takeBack: Revocations['takeBack'] = async (token) => {
    const judged = judgeRevocationList(nodeCrypto, authority.current().newest.bundle, token);
    if (!judged.ok) return undefined;
    const missing = await store.exclusively(LIST, (sql) => takeEntriesBack(sql, judged.value, { now: now(), past: past() }));
    if (missing !== undefined) await tell();
    return missing;
  };
  return {
    held: () => held,
    async fresh() {
      const stored = await versionOf(store.sql);
      // The database was turned back under the running service: what it signed last is the newest there is.
      if (stored < held.list.version) await takeBack(held.token);
      const age = now() - held.list.iat;
      const isNewest = stored === held.list.version && held.kid === authority.current().revoker.kid;
      if (age >= 0 && age < RESIGN_SECONDS && isNewest) return held;
      if (stored > held.list.version && age < RESIGN_SECONDS) return signAgain();
      await change(async (sql) => {
        if (witnessed !== undefined) await forgetOld(sql, past());
      });
      return signAgain();
    },
    async block(targets, days) {
      const from = now();
      const until = from + days * DAY;
      const entries = targets.map((target) => ({
        target,
        from,
        until,
        forget: until + FORGET_AFTER[target.kind === 'key' ? 'key' : 'lease'],
      }));
      await change(async (sql) => {
        for (const entry of entries) await insertEntry(sql, entry);
      });
      return { signed: await tell(), entries };
    },
    enter,
    tell,
    async unblock(id) {
      await change(async (sql) => {
        const entries = (await entriesOf(sql)).filter(({ isRemoved }) => !isRemoved);
        // Two that say the same have one id, and go together: one that stayed would go on blocking.
        const meant = entries.filter(({ entry }) => blockId(entry) === id);
        if (meant.length === 0) throw new HoldfastError('not_found', { reason: 'block', id });
        for (const { entry } of meant) await mustBeRemovable(sql, entry);
        const positions = meant.map(({ position }) => position);
        await removeEntries(sql, positions, now());
      });
      return tell();
    },
    takeBack,
    witness(time) {
      witnessed = time;
    },
    changedSince: async (version, signal) => {
      if (changedAt > version) return;
      await once(changes, 'change', { signal }).catch(() => {});
    },
  };
}

/** A key that the ledger has withdrawn may be a thief's. */
async function mustBeRemovable(sql: SqlTransaction<Tables>, { target }: Revocation): Promise<void> {
  if (target.kind !== 'key') return;
  const key = await keyNamed(sql, target.kid);
  if (key !== undefined && key.withdrawn_at !== null) throw new HoldfastError('conflict', { reason: 'key-withdrawn' });
}

async function takeEntriesBack(
  sql: SqlTransaction<Tables>,
  list: RevocationList,
  { now, past }: { readonly now: number; readonly past: number },
): Promise<number | undefined> {
  const known = new Set((await entriesOf(sql)).map(({ entry }) => JSON.stringify(entry)));
  const missing = list.entries.filter((entry) => entry.forget >= past && !known.has(JSON.stringify(entry)));
  if (missing.length === 0 && list.version <= (await versionOf(sql))) return undefined;
  await raiseVersion(sql, list.version);
  for (const entry of missing) {
    await insertEntry(sql, entry);
    if (entry.target.kind === 'key') await markWithdrawn(sql, [entry.target.kid], entry.from);
  }
  // A token that was used since the backup must not be good again.
  await sql.updateTable('root_join_token').set({ used_at: now }).where('used_at', 'is', null).execute();
  return missing.length;
}

async function sign(store: Store, authority: Authority, iat: number): Promise<SignedList> {
  const version = await versionOf(store.sql);
  const known = await entriesOf(store.sql);
  const removed = known.flatMap(({ entry, isRemoved }) => (isRemoved ? [entry] : []));
  const list: RevocationList = {
    version,
    iat,
    entries: known.flatMap(({ entry, isRemoved }) => (isRemoved ? [] : [entry])),
    ...(removed.length > 0 && { removed }),
  };
  const { revoker } = authority.current();
  return { list, token: revoker.sign(TYP.revocations, list), kid: revoker.kid };
}
