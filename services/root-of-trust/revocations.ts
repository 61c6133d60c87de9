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
  /** refuses what was issued before the end of `days` from now (B-L5) */
  block(target: RevokedTarget, days: number): Promise<SignedList>;
  /** throws `not_found` when no entry has this id */
  unblock(id: string): Promise<SignedList>;
  /** resolves when somebody was blocked or unblocked since `version`, and in any case after `ms` or when `signal` aborts */
  changedSince(version: number, ms: number, signal: AbortSignal): Promise<void>;
}

const RESIGN_SECONDS = 30;
const DAY = 86_400;
/** An entry is needed as long as something issued before `until` may still be good: a lease, or a component's statement. */
const FORGET_AFTER = { lease: TIMES.leaseDaysMax * DAY, key: TIMES.statementSeconds } as const;
const LIST = 'revocations';

export async function openRevocations(store: Store, authority: Authority, now: () => number): Promise<Revocations> {
  let held = await sign(store, authority, now());
  const changes = new EventEmitter().setMaxListeners(0);
  /** the version of the last block or removal: signing again makes a newer list, but no news worth waking anybody for */
  let changedAt = held.list.version;
  const change = async (work: (sql: SqlTransaction<Tables>) => Promise<void>) => {
    await store.exclusively(LIST, async (sql) => {
      await work(sql);
      await sql
        .updateTable('root_list')
        .set((eb) => ({ version: eb('version', '+', 1) }))
        .where('name', '=', LIST)
        .execute();
    });
    held = await sign(store, authority, now());
    return held;
  };
  const changeAndTell: typeof change = async (work) => {
    const signed = await change(work);
    changedAt = signed.list.version;
    changes.emit('change');
    return signed;
  };
  return {
    held: () => held,
    async fresh() {
      const age = now() - held.list.iat;
      if (age >= 0 && age < RESIGN_SECONDS && held.kid === authority.current().revoker.kid) return held;
      return change((sql) => forgetOld(sql, now()));
    },
    block: (target, days) =>
      changeAndTell(async (sql) => {
        const last = await sql.selectFrom('root_block').select('position').orderBy('position', 'desc').limit(1).executeTakeFirst();
        const until = now() + days * DAY;
        const forget = until + FORGET_AFTER[target.kind === 'key' ? 'key' : 'lease'];
        const row = { position: (last?.position ?? 0) + 1, target: JSON.stringify(target), valid_from: now(), until, forget };
        await sql.insertInto('root_block').values(row).execute();
      }),
    unblock: (id) =>
      changeAndTell(async (sql) => {
        const rows = await sql.selectFrom('root_block').selectAll().execute();
        // Two that say the same have one id, and go together: one that stayed would go on blocking.
        const meant = rows.filter((row) => blockId(toRevocation(row)) === id).map(({ position }) => position);
        if (meant.length === 0) throw new HoldfastError('not_found', `There is no block ${id}.`);
        await sql.deleteFrom('root_block').where('position', 'in', meant).execute();
      }),
    changedSince: async (version, ms, signal) => {
      if (changedAt > version) return;
      await once(changes, 'change', { signal: AbortSignal.any([signal, AbortSignal.timeout(ms)]) }).catch(() => {});
    },
  };
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
