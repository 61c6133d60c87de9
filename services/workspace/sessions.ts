/** Portal sessions: a random value in a cookie, its digest in the database. */
import { randomBytes } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { LIMITS } from '#protocol/limits';
import { parseJson } from '#protocol/parse';
import { User } from '#protocol/primitives';
import type { Cookies } from '#runtime/http/cookies';
import { sha256 } from '#runtime/jose/primitives';
import { newId } from '#runtime/jose/sign';
import type { EndedSessions } from './ended-sessions.ts';
import { ABSOLUTE_MS, IDLE_MS, type Store } from './store.ts';

export interface Session {
  readonly id: string;
  readonly user: User;
  readonly csrf: string;
  readonly deviceNonce: string;
  readonly idToken: string;
}

export interface Sessions {
  /** the valid session of a request's cookie */
  of(request: FastifyRequest): Promise<Session | undefined>;
  /** begins one; gives the `Set-Cookie` value */
  begin(user: User, idToken: string): Promise<string>;
  /** ends it; gives the `Set-Cookie` value that takes the cookie away */
  end(session: Session | undefined): Promise<string>;
}

/** Resolution of the last use: one write a minute is enough for a limit of hours. ms */
const SEEN_EVERY_MS = 60_000;

/** Servers accept request lines of 8 KiB; with more groups than fit, the provider is asked without the hint. */
const HINT_CHARACTERS = 6_000;

const COOKIE = 'holdfast-session';

export interface SessionsOptions {
  readonly store: Pick<Store, 'sql'>;
  readonly cookies: Cookies;
  readonly ended: Pick<EndedSessions, 'note'>;
  /** ms */
  readonly now: () => number;
}

export function openSessions({ store: { sql }, cookies, ended, now }: SessionsOptions): Sessions {
  return {
    async of(request) {
      const value = cookies.read(request.headers.cookie, COOKIE);
      if (value === undefined || value.length !== 43) return undefined;
      const at = now();
      const row = await sql.selectFrom('workspace_session').selectAll().where('id', '=', sha256(value)).executeTakeFirst();
      if (row === undefined || row.seen_at < at - IDLE_MS || row.created_at < at - ABSOLUTE_MS) return undefined;
      if (row.seen_at < at - SEEN_EVERY_MS)
        await sql.updateTable('workspace_session').set({ seen_at: at }).where('id', '=', row.id).execute();
      const user = parseJson(User, row.person, LIMITS.requestBodyBytes, 'internal');
      return { id: row.id, user, csrf: row.csrf, deviceNonce: row.device_nonce, idToken: row.id_token };
    },
    async begin(user, idToken) {
      const value = randomBytes(32).toString('base64url');
      const at = now();
      await sql
        .insertInto('workspace_session')
        .values({
          id: sha256(value),
          person: JSON.stringify(user),
          csrf: newId(),
          device_nonce: newId(),
          id_token: idToken.length <= HINT_CHARACTERS ? idToken : '',
          created_at: at,
          seen_at: at,
        })
        .execute();
      return cookies.set(COOKIE, value, ABSOLUTE_MS / 1_000);
    },
    async end(session) {
      if (session !== undefined) {
        await ended.note();
        await sql.deleteFrom('workspace_session').where('id', '=', session.id).execute();
      }
      return cookies.remove(COOKIE);
    },
  };
}
