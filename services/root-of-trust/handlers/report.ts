/**
 * `POST /v1/reports`: a component holds something newer that this root of trust has signed, so the database or the folder of bundles was
 * restored from a backup. It is verified, taken in, and never signed below again.
 */
import type { FastifyRequest } from 'fastify';
import { judgeStatement } from '#core/trust/trust';
import { HoldfastError } from '#protocol/errors';
import { LIMITS } from '#protocol/limits';
import { parse } from '#protocol/parse';
import { News, Role } from '#protocol/trust';
import { STATEMENT_HEADER } from '#runtime/http/headers';
import type { RequestCheck } from '#runtime/http/routes';
import { nodeCrypto } from '#runtime/jose/primitives';
import { trustOfAuthority } from '../authority.ts';
import { callerTls } from '../key-proof.ts';
import type { Root } from '../root.ts';

export const REPORT_BYTES = LIMITS.revocationListBytes + LIMITS.newsBundles * 2 * LIMITS.rootBundleBytes;

/** By its statement; or by a TLS key in the ledger, for a trust key that was restored may not be the one that stated it. */
export function isComponent({ authority, revocations, store, now }: Root): RequestCheck {
  return async (request) => {
    const tls = callerTls(request);
    const token = request.headers[STATEMENT_HEADER];
    const trust = trustOfAuthority(authority.current(), revocations.held().list);
    if (typeof token === 'string' && judgeStatement(nodeCrypto, trust, token, now(), { roles: Role.options, tls }).ok) return;
    const known = store.sql.selectFrom('root_key').select('kid').where('tls', '=', tls).where('withdrawn_at', 'is', null);
    if ((await known.executeTakeFirst()) === undefined) throw new HoldfastError('untrusted_peer', { reason: 'key-unknown' });
  };
}

export function takeReport({ authority, revocations, changes, log }: Root) {
  return async (request: FastifyRequest): Promise<object> => {
    const news = parse(News, request.body);
    const correlationId = request.id;
    const bundles = await authority.takeBack(news.rootBundles ?? []);
    if (bundles > 0)
      log.error({ correlationId, bundles }, 'The folder of root bundles was restored from a backup: newer ones were taken back.');
    const entries = news.revocations === undefined ? undefined : await revocations.takeBack(news.revocations);
    if (entries !== undefined)
      log.error({ correlationId, entries }, 'The database was restored from a backup: the newer list was taken back.');
    if (bundles > 0 || entries !== undefined) changes.count++;
    return {};
  };
}
