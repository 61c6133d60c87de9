/**
 * `POST /v1/statements`: a component that proves its key gets a new statement, and for new keys when it proves those, too. Its old
 * statement is not asked to hold: after a long absence, or when the trust key was replaced, it can't.
 */
import type { FastifyRequest } from 'fastify';
import { judgeProof } from '#core/lease/judge-proof';
import { readJws } from '#core/trust/jws';
import { keysDigest } from '#core/trust/keys-digest';
import { isKeyRevoked } from '#core/trust/revocation';
import { HoldfastError } from '#protocol/errors';
import { TYP } from '#protocol/jose';
import { Proof } from '#protocol/lease';
import { parse, parseJson } from '#protocol/parse';
import { ComponentKeys, type EnrolmentReply, RenewalRequest, Role } from '#protocol/trust';
import { STATEMENT_HEADER } from '#runtime/http/headers';
import { nodeCrypto, thumbprint } from '#runtime/jose/primitives';
import type { SqlTransaction } from '#runtime/sql/database';
import { enrolmentReply } from '../enrolment-reply.ts';
import { type IssuedStatement, issueStatement } from '../issue-statement.ts';
import { callerTls, mustBeProven, PROOF_AUDIENCE } from '../key-proof.ts';
import { currentKeyOf, isInForce, keyNamed, keysOf, type LedgerKey, mustBeFree } from '../ledger.ts';
import type { Root } from '../root.ts';
import { ROW_BYTES, type Tables } from '../store.ts';
import { takeKeyBack } from '../take-key-back.ts';
import { withdraw } from '../withdraw-keys.ts';

/** A thief of a key must not fill the list with the keys that it replaces: an honest component has new ones once in weeks. */
const ROTATIONS_A_DAY = 4;
const DAY = 86_400;
/** Seconds that a replaced key stays good: its component is still busy with what it began under it. */
const OVERLAP_SECONDS = 3_600;

interface Renewed {
  readonly stated: IssuedStatement;
  readonly known: LedgerKey;
  readonly occasion: 'renewal' | 'rotation';
}

export function renew(root: Root) {
  return async (request: FastifyRequest): Promise<EnrolmentReply> => {
    const body = parse(RenewalRequest, request.body);
    mustBeProven(judgeProof(nodeCrypto, body.proof, body.keys.sign, demandOf(root, body)), body.keys, callerTls(request));
    const shown = request.headers[STATEMENT_HEADER];
    const { stated, known, occasion } = await root.store.exclusively('enrolment', (sql) => renewIn(root, sql, body, shown));
    root.changes.count++;
    if (occasion === 'rotation') await root.revocations.tell();
    const { role, id: component, location } = known;
    root.counted.statements.add({ role, occasion });
    const fields = { correlationId: request.id, role, component, location, kid: thumbprint(body.keys.sign) };
    if (occasion === 'rotation') root.log.warn({ ...fields, former: known.kid }, 'A component has new keys.');
    else root.log.info(fields, 'A component’s statement was renewed.');
    return enrolmentReply(root, stated);
  };
}

function demandOf({ now }: Root, { keys }: RenewalRequest) {
  return { aud: PROOF_AUDIENCE, op: 'renew' as const, digest: keysDigest(nodeCrypto, keys), now: now() };
}

async function renewIn(root: Root, sql: SqlTransaction<Tables>, body: RenewalRequest, shown: unknown): Promise<Renewed> {
  const { keys, former } = body;
  const kid = thumbprint(keys.sign);
  const asking = former === undefined ? kid : kidOf(former);
  const known = (await keyNamed(sql, asking)) ?? (await takeKeyBack(root, sql, asking, shown));
  if (known === undefined) throw new HoldfastError('untrusted_peer', { reason: 'key-unknown' });
  if (former !== undefined) mustHoldFormer(root, body, former, known);
  mustBeInForce(root, known);
  const current = await currentKeyOf(sql, known);
  // An answer that was lost may be asked for again; anybody else who shows a replaced key has it from its owner or is a thief.
  if (current?.kid !== known.kid && current?.kid !== kid) return alarm(root, known);
  const occasion = current?.kid === kid ? 'renewal' : 'rotation';
  await mustBeFree(sql, keys, known);
  if (occasion === 'rotation') await mustBeSeldom(root, sql, known);
  const { role, id, location } = known;
  const wanted = { role: parse(Role, role, 'internal'), id, location: location ?? undefined, keys, by: 'rotation' as const };
  const stated = await issueStatement(root, sql, wanted);
  if (occasion === 'rotation') await withdraw(root, sql, [known], root.now() + OVERLAP_SECONDS);
  return { stated, known, occasion };
}

/** The thumbprint by which a proof names its key; not verified yet. */
function kidOf(proof: string): string {
  const read = readJws(nodeCrypto, proof, TYP.proof, Proof);
  if (!read.ok) throw new HoldfastError('untrusted_peer', { reason: 'newcomer', why: read.why });
  return read.value.header.kid;
}

function mustHoldFormer(root: Root, body: RenewalRequest, former: string, { keys }: LedgerKey): void {
  const { sign } = parseJson(ComponentKeys, keys, ROW_BYTES, 'internal');
  const judged = judgeProof(nodeCrypto, former, sign, demandOf(root, body));
  if (!judged.ok) throw new HoldfastError('untrusted_peer', { reason: 'newcomer', why: judged.why });
}

function mustBeInForce({ revocations, now }: Root, key: LedgerKey): void {
  if (!isInForce(key, now()) || isKeyRevoked(revocations.held().list, key.kid, now()))
    throw new HoldfastError('untrusted_peer', { reason: 'key-withdrawn' });
}

/** Two have the key: one of them had another one stated in its place. Which of the two is right only an administrator can say. */
function alarm({ counted, alarmed, log }: Root, { role, id, kid }: LedgerKey): never {
  counted.alarms.add({ role });
  if (alarmed.spend(kid))
    log.error({ role, component: id, kid }, 'A key that was replaced asks for a statement: two hold it. Enrol the component again.');
  throw new HoldfastError('untrusted_peer', { reason: 'key-replaced' });
}

async function mustBeSeldom({ now }: Root, sql: SqlTransaction<Tables>, named: LedgerKey): Promise<void> {
  const lately = (await keysOf(sql, named)).filter(({ by, since }) => by === 'rotation' && since > now() - DAY);
  if (lately.length >= ROTATIONS_A_DAY) throw new HoldfastError('too_many', { reason: 'rotations' });
}
