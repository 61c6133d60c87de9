/** `POST /v1/enrolments`: a join token and new keys in, a trust statement out. A token works once. */
import type { FastifyRequest } from 'fastify';
import { judgeProof } from '#core/lease/judge-proof';
import { openJws } from '#core/trust/jws';
import { HoldfastError } from '#protocol/errors';
import { TYP } from '#protocol/jose';
import { parse } from '#protocol/parse';
import { type EnrolmentReply, EnrolmentRequest, JoinToken } from '#protocol/trust';
import { nodeCrypto, sha256, thumbprint } from '#runtime/jose/primitives';
import type { SqlTransaction } from '#runtime/sql/database';
import { enrolmentReply } from '../enrolment-reply.ts';
import { type IssuedStatement, issueStatement } from '../issue-statement.ts';
import { callerTls, mustBeProven, PROOF_AUDIENCE } from '../key-proof.ts';
import { mustBeFree } from '../ledger.ts';
import type { Root } from '../root.ts';
import type { Tables } from '../store.ts';
import { withdrawKeys } from '../withdraw-keys.ts';

export function enrol(root: Root) {
  return async (request: FastifyRequest): Promise<EnrolmentReply> => {
    const body = parse(EnrolmentRequest, request.body);
    const token = mustBeJoinToken(root, body.joinToken);
    mustHoldItsKeys(root, body, callerTls(request));
    const { stated, withdrawn } = await root.store.exclusively('enrolment', (sql) => admit(root, sql, token, body));
    root.changes.count++;
    if (withdrawn > 0) await root.revocations.tell();
    const { role, id, location } = token;
    root.counted.statements.add({ role, occasion: 'enrolment' });
    root.log.info({ correlationId: request.id, role, component: id, location, withdrawn }, 'A component is enrolled.');
    return enrolmentReply(root, stated);
  };
}

function mustBeJoinToken({ authority, now }: Root, compact: string): JoinToken {
  const { tenant, roles } = authority.current().newest.bundle;
  const opened = openJws(nodeCrypto, compact, TYP.join, JoinToken, roles.trust);
  if (!opened.ok) throw new HoldfastError('untrusted_peer', { reason: 'join-token', why: opened.why });
  if (opened.value.tenant !== tenant) throw new HoldfastError('untrusted_peer', { reason: 'join-token-tenant' });
  if (opened.value.exp < now()) throw new HoldfastError('join_token_expired');
  return opened.value;
}

function mustHoldItsKeys({ now }: Root, { joinToken, keys, proof }: EnrolmentRequest, tls: string): void {
  const demand = { aud: PROOF_AUDIENCE, op: 'enrol' as const, digest: sha256(joinToken), now: now() };
  mustBeProven(judgeProof(nodeCrypto, proof, keys.sign, demand), keys, tls);
}

interface Admitted {
  readonly stated: IssuedStatement;
  /** keys of an earlier enrolment */
  readonly withdrawn: number;
}

async function admit(root: Root, sql: SqlTransaction<Tables>, token: JoinToken, { keys }: EnrolmentRequest): Promise<Admitted> {
  const used = await sql
    .updateTable('root_join_token')
    .set({ used_at: root.now() })
    .where('jti', '=', token.jti)
    .where('used_at', 'is', null)
    .returning('jti')
    .executeTakeFirst();
  if (used === undefined) throw new HoldfastError('join_token_used');
  await mustBeFree(sql, keys, token);
  // A component that enrols again has lost its keys or had them stolen: this commit withdraws the former ones.
  const withdrawn = await withdrawKeys(root, sql, token, thumbprint(keys.sign));
  const { role, id, location } = token;
  return { stated: await issueStatement(root, sql, { role, id, location, keys, by: 'enrolment' }), withdrawn };
}
