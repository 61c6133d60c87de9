/** `GET /.well-known/holdfast/health`: signed, so that nothing in between can fake good or bad health. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Health } from '#protocol/feed';
import { TYP } from '#protocol/jose';
import { VERSION } from '#protocol/limits';
import type { WorkspaceContext } from '../workspace-context.ts';

export function healthDocument({ config, component, probe, now }: WorkspaceContext) {
  return (_request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const health: Health = { iss: config.id, now: now(), identity: probe.state(), version: VERSION.workspaceApi };
    return reply.type('text/plain').header('cache-control', 'no-store').send(component.signer.sign(TYP.health, health));
  };
}
