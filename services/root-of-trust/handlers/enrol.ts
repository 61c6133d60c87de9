/** `POST /v1/enrolments`: a join token and new keys in, a trust statement out. A token works once. */
import type { FastifyRequest } from 'fastify';
import { judgeProof } from '#core/lease/judge-proof';
import { openJws } from '#core/trust/jws';
import { HoldfastError } from '#protocol/errors';
import { TYP } from '#protocol/jose';
import { TIMES } from '#protocol/limits';
import { parse } from '#protocol/parse';
import { type EnrolmentReply, EnrolmentRequest, JoinToken, type LocationKey } from '#protocol/trust';
import { nodeCrypto, sha256, thumbprint } from '#runtime/jose/primitives';
import type { SqlTransaction } from '#runtime/sql/database';
import { enrolmentReply } from '../enrolment-reply.ts';
import { locationKeysOf } from '../location-keys.ts';
import type { Root } from '../root.ts';
import type { Tables } from '../store.ts';
import { requireUnusedKeys } from '../unique-keys.ts';

/** Audience of the proof: the newcomer knows its root of trust by pins, not by name. */
const AUDIENCE = 'root-of-trust';

export function enrol(root: Root) {
  return async (request: FastifyRequest): Promise<EnrolmentReply> => {
    const body = parse(EnrolmentRequest, request.body);
    const token = judgeJoinToken(root, body.joinToken);
    judgeNewcomer(root, body);
    const { statement, locationKeys, replaces } = await root.store.exclusively('enrolment', (sql) => admit(root, sql, token, body));
    if (replaces) await root.revocations.tell();
    root.log.info(
      { correlationId: request.id, role: token.role, component: token.id, location: token.location },
      'A component is enrolled.',
    );
    return enrolmentReply(root, statement, locationKeys);
  };
}

function judgeJoinToken({ authority, now }: Root, compact: string): JoinToken {
  const { tenant, roles } = authority.current().newest.bundle;
  const opened = openJws(nodeCrypto, compact, TYP.join, JoinToken, roles.trust);
  if (!opened.ok) throw new HoldfastError('untrusted_peer', { reason: 'join-token', why: opened.why });
  if (opened.value.tenant !== tenant) throw new HoldfastError('untrusted_peer', { reason: 'join-token-tenant' });
  if (opened.value.exp < now()) throw new HoldfastError('join_token_expired');
  return opened.value;
}

function judgeNewcomer({ now }: Root, { joinToken, keys, proof }: EnrolmentRequest): void {
  const demand = { aud: AUDIENCE, op: 'enrol' as const, digest: sha256(joinToken), now: now() };
  const judged = judgeProof(nodeCrypto, proof, keys.sign, demand);
  if (judged.ok) return;
  throw new HoldfastError(
    'untrusted_peer',
    judged.why === 'time' ? { reason: 'newcomer-clock', seconds: TIMES.leaseSkewSeconds } : { reason: 'newcomer', why: judged.why },
  );
}

interface Admitted {
  readonly statement: string;
  readonly locationKeys: readonly LocationKey[];
  /** it replaces an earlier enrolment, whose key is revoked */
  readonly replaces: boolean;
}

async function admit(root: Root, sql: SqlTransaction<Tables>, token: JoinToken, { keys }: EnrolmentRequest): Promise<Admitted> {
  const now = root.now();
  const used = await sql
    .updateTable('root_join_token')
    .set({ used_at: now })
    .where('jti', '=', token.jti)
    .where('used_at', 'is', null)
    .returning('jti')
    .executeTakeFirst();
  if (used === undefined) throw new HoldfastError('join_token_used');
  const kid = thumbprint(keys.sign);
  await requireUnusedKeys(sql, keys, token);
  const former = await sql
    .selectFrom('root_component')
    .select('kid')
    .where('role', '=', token.role)
    .where('id', '=', token.id)
    .executeTakeFirst();
  const locationKeys = token.role === 'connector' && token.location !== undefined ? await locationKeysOf(sql, token.location, now) : [];
  const enc = locationKeys[0]?.publicKey;
  const statement = root.authority.state(
    { role: token.role, id: token.id, location: token.location, keys: { ...keys, ...(enc !== undefined && { enc }) } },
    now,
  );
  const row = { tls: keys.tls, kid, statement, stated_at: now, location: token.location ?? null };
  await sql
    .insertInto('root_component')
    .values({ role: token.role, id: token.id, ...row })
    .onConflict((conflict) => conflict.columns(['role', 'id']).doUpdateSet(row))
    .execute();
  const replaces = former !== undefined && former.kid !== kid;
  // A component that enrols again has lost its keys or had them stolen: this commit revokes the former ones.
  if (replaces) await root.revocations.enter(sql, { kind: 'key', kid: former.kid }, 1);
  return { statement, locationKeys, replaces };
}
