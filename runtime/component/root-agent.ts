/** HTTPS to the root of trust, identified by the pin in the configuration. */
import type { Agent } from 'undici';
import type { RootOfTrustRef } from '#protocol/service-config';
import { type PinnedAgentOptions, pinnedAgent } from '../tls/pinned-agent.ts';

const STRANGER =
  'is not the root of trust that is pinned: its TLS key has another digest than `tlsPin`. Compare `tlsPin` with the `pins.json` of the ceremony, and the address with that of the root of trust. If both are right, something stands between.';

export function rootAgent(
  { tlsPin }: Pick<RootOfTrustRef, 'tlsPin'>,
  options: Pick<PinnedAgentOptions, 'identity' | 'connectTimeoutMs' | 'connections'>,
): Agent {
  return pinnedAgent({ ...options, accepts: (spki) => spki === tlsPin, stranger: STRANGER });
}
