/**
 * The signed revocation list. It is signed again when it changed, and when somebody asks and the last signature is older
 * than `RESIGN_SECONDS`: its age proves that this service still answers. Every signing raises the version, so that a peer
 * passes the younger signature on.
 */
import { EventEmitter, once } from 'node:events';
import { HoldfastError } from '#protocol/errors';
import { TYP } from '#protocol/jose';
import { TIMES } from '#protocol/limits';
import { parseJson } from '#protocol/parse';
import { type Revocation, type RevocationList, RevokedTarget } from '#protocol/trust';
import type { SqlTransaction } from '#runtime/sql/database';
import type { Authority } from './authority.ts';
import { blockId } from './block-id.ts';
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
  /** signed at most 30 s ago */
  fresh(): Promise<SignedList>;
  /** refuses what is issued within `days` from now, or was issued before (B-L5) */
  block(target: RevokedTarget, days: number): Promise<SignedList>;
  /** the same within the caller's transaction, for what must hold together with it; `tell` when that is committed */
  enter(sql: SqlTransaction<Tables>, target: RevokedTarget, days: number): Promise<void>;
  /** signs the entries, and wakes waiting callers */
  tell(): Promise<SignedList>;
  /** throws `not_found` when no entry has this id */
  unblock(id: string): Promise<SignedList>;
  /** resolves when somebody was blocked or unblocked since `version`, or when `signal` aborts */
  changedSince(version: number, signal: AbortSignal): Promise<void>;
}

const RESIGN_SECONDS = 30;
const DAY = 86_400;
/** An entry is needed while something issued before `until` may still be valid: a lease, or a component's statement. */
const FORGET_AFTER = { lease: TIMES.leaseDaysMax * DAY, key: TIMES.statementSeconds } as const;
const LIST = 'revocations';

export async function openRevocations(store: Store, authority: Authority, now: () => number): Promise<Revocations> {
  let held = await sign(store, authority, now());
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
  const enter: Revocations['enter'] = async (sql, target, days) => {
    await raiseVersion(sql);
    const last = await sql.selectFrom('root_block').select('position').orderBy('position', 'desc').limit(1).executeTakeFirst();
    const until = now() + days * DAY;
    const forget = until + FORGET_AFTER[target.kind === 'key' ? 'key' : 'lease'];
    const row = { position: (last?.position ?? 0) + 1, target: JSON.stringify(target), valid_from: now(), until, forget };
    await sql.insertInto('root_block').values(row).execute();
  };
  return {
    held: () => held,
    async fresh() {
      const age = now() - held.list.iat;
      if (age >= 0 && age < RESIGN_SECONDS && held.kid === authority.current().revoker.kid) return held;
      await change((sql) => forgetOld(sql, now()));
      return signAgain();
    },
    async block(target, days) {
      await store.exclusively(LIST, (sql) => enter(sql, target, days));
      return tell();
    },
    enter,
    tell,
    async unblock(id) {
      await change(async (sql) => {
        const rows = await sql.selectFrom('root_block').selectAll().execute();
        // Two that say the same have one id, and go together: one that stayed would go on blocking.
        const meant = rows.filter((row) => blockId(toRevocation(row)) === id).map(({ position }) => position);
        if (meant.length === 0) throw new HoldfastError('not_found', { reason: 'block', id });
        await sql.deleteFrom('root_block').where('position', 'in', meant).execute();
      });
      return tell();
    },
    changedSince: async (version, signal) => {
      if (changedAt > version) return;
      await once(changes, 'change', { signal }).catch(() => {});
    },
  };
}

/** First in every change: locks the row until the transaction ends, so that changes are serialized. */
async function raiseVersion(sql: SqlTransaction<Tables>): Promise<void> {
  await sql
    .updateTable('root_list')
    .set((eb) => ({ version: eb('version', '+', 1) }))
    .where('name', '=', LIST)
    .execute();
}

async function forgetOld(sql: SqlTransaction<Tables>, now: number): Promise<void> {
  await sql.deleteFrom('root_block').where('forget', '<', now).execute();
}

async function sign(store: Store, authority: Authority, iat: number): Promise<SignedList> {
  const { version } = await store.sql.selectFrom('root_list').select('version').where('name', '=', LIST).executeTakeFirstOrThrow();
  const rows = await store.sql.selectFrom('root_block').selectAll().orderBy('position').execute();
  const list: RevocationList = { version, iat, entries: rows.map(toRevocation) };
  const { revoker } = authority.current();
  return { list, token: revoker.sign(TYP.revocations, list), kid: revoker.kid };
}

function toRevocation(row: Tables['root_block']): Revocation {
  const target = parseJson(RevokedTarget, row.target, 4_096, 'internal');
  return { target, from: row.valid_from, until: row.until, forget: row.forget };
}
