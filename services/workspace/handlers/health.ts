/**
 * `GET /.well-known/holdfast/health`: signed, so that nothing in between can fake good or bad health. It is answered whatever else goes on,
 * so it must cost next to nothing: one signature serves everybody for a moment.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Health } from '#protocol/feed';
import { TYP } from '#protocol/jose';
import { VERSION } from '#protocol/limits';
import type { WorkspaceContext } from '../workspace-context.ts';

/** ms */
const SAME_FOR_MS = 100;

export function healthDocument({ config, component, probe, now }: WorkspaceContext) {
  let signed: { readonly at: number; readonly identity: Health['identity']; readonly text: string } | undefined;
  return (_request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const [at, identity] = [now(), probe.state()];
    if (signed === undefined || signed.identity !== identity || Math.abs(at - signed.at) >= SAME_FOR_MS) {
      const health: Health = { iss: config.id, now: at, identity, version: VERSION.workspaceApi };
      signed = { at, identity, text: component.signer.sign(TYP.health, health) };
    }
    return reply.type('text/plain').header('cache-control', 'no-store').send(signed.text);
  };
}
