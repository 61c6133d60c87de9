/** Binds this Workspace's pages in this browser profile to the person whom the Workspace names: its signature, for our own challenge. */
import { judgePageToken } from '#core/access/page-token';
import type { Trust } from '#core/trust/trust';
import { HoldfastError } from '#protocol/errors';
import { nodeCrypto } from '#runtime/jose/primitives';
import { newCorrelationId } from '../correlation.ts';
import type { Host } from '../host.ts';
import { askForTrust } from '../sync/workspace-trust.ts';
import type { Handler } from './handler.ts';

type PageTokenVerdict = ReturnType<typeof judgePageToken>;

export const bind: Handler<'bind'> = async (host, { workspace, token, statement }) => {
  const profile = host.profile();
  if (profile === undefined) throw new HoldfastError('bad_request');
  const judge = (trust: Trust) => judgePageToken(nodeCrypto, trust, { token, statement }, workspace, host.clock.now(workspace));
  const judged = await judgeByTrust(host, workspace, judge);
  if (!judged.ok) throw new HoldfastError('untrusted_peer', { reason: 'page-token', why: judged.why });
  const { sub: subject, name, challenge } = judged.value;
  if (!host.challenges.take(workspace, challenge)) throw new HoldfastError('untrusted_peer', { reason: 'page-token', why: 'challenge' });
  await host.makeRoomFor({ workspace, subject });
  await host.people.bind({ profile, workspace, subject, userName: name });
  return { subject };
};

/** By the trust that is held; by the Workspace's own answer where there is none, or where the root has moved on since. */
async function judgeByTrust(host: Host, workspace: string, judge: (trust: Trust) => PageTokenVerdict): Promise<PageTokenVerdict> {
  const ask = async () => judge((await askForTrust(host, workspace, newCorrelationId(), host.signal)).trust);
  const held = await host.trust.of(workspace);
  if (held === undefined) return ask();
  const judged = judge(held.trust);
  return judged.ok || judged.why !== 'unknown-key' ? judged : ask().catch(() => judged);
}
