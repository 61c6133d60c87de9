/** The host's state, as portal pages receive it. */
import type { PageMessage } from '#protocol/page';
import type { HostState } from './port.ts';

export type HostMessage = Extract<PageMessage, { event: 'host' }>;

/** null while unknown. */
export function hostMessage(host: HostState): HostMessage | null {
  if ('error' in host) return { event: 'host', state: host.state, error: host.error };
  return host.state === 'ready' ? { event: 'host', state: 'ready' } : null;
}
