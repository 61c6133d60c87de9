/** `POST /api/v1/page-token`: says to a device's native host who is signed in, in answer to its challenge. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type * as v from 'valibot';
import { TYP } from '#protocol/jose';
import type { Signed } from '#protocol/lease';
import { parse } from '#protocol/parse';
import { type PageToken, PageTokenRequest } from '#protocol/workspace-api';
import { sessionOf } from '../checks/signed-in.ts';
import type { WorkspaceContext } from '../workspace-context.ts';

export function pageToken({ config, component, now }: WorkspaceContext) {
  return (request: FastifyRequest, reply: FastifyReply): v.InferOutput<typeof Signed> => {
    const { user } = sessionOf(request);
    const { challenge } = parse(PageTokenRequest, request.body);
    const token: PageToken = {
      aud: config.publicUrl,
      tenant: component.trust().bundle.tenant,
      sub: user.subject,
      name: user.name,
      challenge,
      iat: Math.floor(now() / 1_000),
    };
    reply.header('cache-control', 'no-store');
    return { token: component.signer.sign(TYP.pageToken, token), statement: component.statement() };
  };
}
