/**
 * Limits guesses at passwords: after five failures within a minute, a minute's pause. Counted for each account, whatever it is called,
 * and in the database, so that neither another instance nor a restart gives new guesses. A browser in which the person has signed in
 * before has a count of its own: strangers' failures do not keep it out.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { sql } from 'kysely';
import { canonicalName } from '#protocol/names';
import type { Cookies } from '#runtime/http/cookies';
import { sha256 } from '#runtime/jose/primitives';
import { newId } from '#runtime/jose/sign';
import { PAUSE_MS, type Store } from './store.ts';
import type { User } from './users.ts';

export interface Lockout {
  /** Counts an attempt before its outcome is known: concurrent ones must not all count as the first. Undefined: there is a pause. */
  begin(attempt: {
    readonly user: User | undefined;
    readonly name: string;
    readonly cookie: string | undefined;
  }): Promise<Attempt | undefined>;
}

export interface Attempt {
  /** Takes it back: it was not a failure, and no other is forgiven. Gives the `Set-Cookie` values by which this browser is known from now on. */
  succeeded(user: User): Promise<readonly string[]>;
}

const FAILURES_MAX = 5;
/** A device that was not used for this long is a stranger again. */
const KNOWN_SECONDS = 180 * 86_400;
const COOKIE = 'holdfast-known-';
/** People by whom one browser is known: a cookie has 100 bytes, and with more than 16 KiB of them Node refuses whoever comes. */
const KNOWN_MAX = 50;
/** Names of nobody share this many counts, so that invented ones leave no more rows than these. */
const NOBODIES = 4_096;

/** `key` signs what browsers are known by. `now` in ms. */
export function openLockout(store: Store, { cookies, key, now }: { cookies: Cookies; key: string; now: () => number }): Lockout {
  const seal = (id: string, user: User) => createHmac('sha256', key).update(`known-device ${id} ${user.id}`).digest('base64url');
  const cookieOf = (user: User) => `${COOKIE}${sha256(user.id).slice(0, 12)}`;
  const deviceOf = (user: User, header: string | undefined): string | undefined => {
    const [id = '', given = ''] = (cookies.read(header, cookieOf(user)) ?? '').split('.');
    return timingSafeEqual(Buffer.from(sha256(given)), Buffer.from(sha256(seal(id, user)))) ? id : undefined;
  };
  return {
    async begin({ user, name, cookie }) {
      const device = user && deviceOf(user, cookie);
      const who = device !== undefined ? `device ${device}` : user !== undefined ? `account ${sha256(user.id)}` : nobody(name, key);
      if ((await count(store, who, now())) > FAILURES_MAX) return undefined;
      return {
        async succeeded(signedIn) {
          await store.sql
            .updateTable('identity_failure')
            .set(({ eb }) => ({ count: eb('count', '-', 1) }))
            .where('who', '=', who)
            .where('count', '>', 0)
            .execute();
          const id = device ?? newId();
          const name = cookieOf(signedIn);
          // Browsers send the oldest first.
          const others = cookies.namesOf(cookie, COOKIE).filter((one) => one !== name);
          const forgotten = others.slice(0, Math.max(0, others.length + 1 - KNOWN_MAX));
          return [...forgotten.map((one) => cookies.remove(one)), cookies.set(name, `${id}.${seal(id, signedIn)}`, KNOWN_SECONDS)];
        },
      };
    },
  };
}

function nobody(name: string, key: string): string {
  const digest = createHmac('sha256', key)
    .update(`nobody ${canonicalName(name) ?? name}`)
    .digest();
  return `nobody ${digest.readUInt32BE() % NOBODIES}`;
}

/** One more; gives how many there are within the minute. The pause begins with the failure that reaches the limit, not with those after it. */
async function count({ sql: database }: Store, who: string, now: number): Promise<number> {
  const old = sql<boolean>`identity_failure.since <= ${now - PAUSE_MS}`;
  const { rows } = await sql<{ count: number }>`
    insert into identity_failure (who, count, since) values (${who}, 1, ${now})
    on conflict (who) do update set
      count = case when ${old} then 1 else identity_failure.count + 1 end,
      since = case when ${old} or identity_failure.count + 1 = ${FAILURES_MAX} then ${now} else identity_failure.since end
    returning count`.execute(database);
  return Number(rows[0]?.count ?? FAILURES_MAX + 1);
}
