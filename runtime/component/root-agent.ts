/** HTTPS to the root of trust, identified by the pin in the configuration. */
import type { Agent } from 'undici';
import type { RootOfTrustRef } from '#protocol/service-config';
import { type PinnedAgentOptions, pinnedAgent } from '../tls/pinned-agent.ts';

export function rootAgent(
  { tlsPin }: Pick<RootOfTrustRef, 'tlsPin'>,
  options: Pick<PinnedAgentOptions, 'identity' | 'connectTimeoutMs' | 'connections'>,
): Agent {
  return pinnedAgent({ ...options, accepts: (spki) => spki === tlsPin, stranger: 'tls-pin' });
}
