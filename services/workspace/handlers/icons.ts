/** `GET /icons/<hash>.svg`. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { HoldfastError } from '#protocol/errors';
import { parse } from '#protocol/parse';
import type { WorkspaceContext } from '../workspace-context.ts';

const Params = v.object({ file: v.pipe(v.string(), v.maxLength(80)) });

export function icon({ icons }: WorkspaceContext) {
  return (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const svg = icons.find(parse(Params, request.params).file);
    if (svg === undefined) throw new HoldfastError('not_found');
    // An SVG opened directly must not be able to run anything.
    reply.headers({ 'cache-control': 'public, max-age=31536000, immutable', 'content-security-policy': "default-src 'none'; sandbox" });
    return reply.type('image/svg+xml').header('x-content-type-options', 'nosniff').send(svg);
  };
}
