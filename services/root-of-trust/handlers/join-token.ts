/** `POST /v1/admin/join-tokens`: lets one component of one role and one location enrol, once, within a short time (B-L6). */
import type { FastifyRequest } from 'fastify';
import type * as v from 'valibot';
import { type JoinTokenReply, JoinTokenRequest } from '#protocol/cloud-api';
import { HoldfastError } from '#protocol/errors';
import { TYP } from '#protocol/jose';
import { parse } from '#protocol/parse';
import type { JoinToken, Role } from '#protocol/trust';
import { newId } from '#runtime/jose/sign';
import type { Root } from '../root.ts';

const AT_A_LOCATION: readonly Role[] = ['connector', 'session-host'];

export function makeJoinToken({ authority, store, now, log }: Pick<Root, 'authority' | 'store' | 'now' | 'log'>) {
  return async (request: FastifyRequest): Promise<v.InferOutput<typeof JoinTokenReply>> => {
    const { role, id, location, minutes } = parse(JoinTokenRequest, request.body);
    if (AT_A_LOCATION.includes(role) !== (location !== undefined)) {
      throw new HoldfastError('bad_request', { reason: 'location-wrong' });
    }
    const expires = now() + minutes * 60;
    const { newest, trust } = authority.current();
    const token: JoinToken = {
      jti: newId(),
      tenant: newest.bundle.tenant,
      role,
      id,
      ...(location !== undefined && { location }),
      exp: expires,
    };
    await store.sql
      .deleteFrom('root_join_token')
      .where('expires', '<', now() - 86_400)
      .execute();
    await store.sql
      .insertInto('root_join_token')
      .values({ jti: token.jti, role, id, location: location ?? null, expires, used_at: null })
      .execute();
    log.info({ correlationId: request.id, role, component: id, location }, 'A join token was made.');
    return { joinToken: trust.sign(TYP.join, token), expires };
  };
}
