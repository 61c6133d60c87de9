/**
 * `POST /v1/statements`: a component that is known by its TLS key gets a new statement, for new keys when it rotates.
 * Its old statement is not asked to hold: after a long absence, or when the trust key was replaced, it can't.
 */
import { TLSSocket } from 'node:tls';
import type { FastifyRequest } from 'fastify';
import { isKeyRevoked } from '#core/trust/revocation';
import { CLOUD } from '#protocol/cloud-api';
import { HoldfastError } from '#protocol/errors';
import { parse } from '#protocol/parse';
import { type EnrolmentReply, Role } from '#protocol/trust';
import { thumbprint } from '#runtime/jose/primitives';
import { peerSpki } from '#runtime/tls/peer';
import { enrolmentReply } from '../enrolment-reply.ts';
import { locationKeysOf } from '../location-keys.ts';
import type { Root } from '../root.ts';
import { requireUnusedKeys } from '../unique-keys.ts';

export function renew(root: Root) {
  return async (request: FastifyRequest): Promise<EnrolmentReply> => {
    const tls = request.raw.socket instanceof TLSSocket ? peerSpki(request.raw.socket) : undefined;
    if (tls === undefined) throw new HoldfastError('untrusted_peer', { reason: 'no-certificate' });
    const { keys } = parse(CLOUD.renew.request, request.body);
    const kid = thumbprint(keys.sign);
    const now = root.now();
    const { statement, locationKeys } = await root.store.exclusively('enrolment', async (sql) => {
      const known = await sql.selectFrom('root_component').selectAll().where('tls', '=', tls).executeTakeFirst();
      if (known === undefined) throw new HoldfastError('untrusted_peer', { reason: 'key-unknown' });
      if (isKeyRevoked(root.revocations.held().list, known.kid, now))
        throw new HoldfastError('untrusted_peer', { reason: 'key-withdrawn' });
      await requireUnusedKeys(sql, keys, known);
      const role = parse(Role, known.role, 'internal');
      const found = role === 'connector' && known.location !== null ? await locationKeysOf(sql, known.location, now) : [];
      const enc = found[0]?.publicKey;
      const made = root.authority.state(
        { role, id: known.id, location: known.location ?? undefined, keys: { ...keys, ...(enc !== undefined && { enc }) } },
        now,
      );
      await sql
        .updateTable('root_component')
        .set({ tls: keys.tls, kid, statement: made, stated_at: now })
        .where('role', '=', known.role)
        .where('id', '=', known.id)
        .execute();
      return { statement: made, locationKeys: found };
    });
    return enrolmentReply(root, statement, locationKeys);
  };
}
