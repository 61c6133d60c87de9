/** Registration with every connector of the location: on connecting, on every change, and as often as the connector asks. */
import type { Registration } from '#protocol/channel';
import type { Endpoint } from '#protocol/lease';
import type { ControlHandlers, ControlPeer } from '#runtime/channel/control';
import { type ControlBase, keepControl } from '#runtime/channel/control-link';
import type { Log } from '#runtime/log/log';

export interface RegistrationOptions {
  readonly control: Omit<ControlBase, 'handlers'>;
  readonly meet: NonNullable<ControlHandlers['meet']>;
  readonly connectors: readonly Endpoint[];
  readonly location: string;
  readonly describe: () => Registration;
  readonly signal: AbortSignal;
  readonly log: Log;
}

const DEADLINE_MS = 3_000;

export function register(options: RegistrationOptions): { changed(): void; registeredWith(): number } {
  const { control, meet, connectors, location, describe, signal, log } = options;
  const registered = new Map<ControlPeer, NodeJS.Timeout>();

  const announce = async (peer: ControlPeer): Promise<void> => {
    const { heartbeatSeconds } = await peer.call('register', describe(), DEADLINE_MS);
    clearTimeout(registered.get(peer));
    registered.set(peer, setTimeout(() => again(peer), heartbeatSeconds * 1_000).unref());
  };
  /** A connector that misses an announcement is reconnected, and then gets everything. */
  const again = (peer: ControlPeer): void => {
    announce(peer).catch((err: unknown) => {
      log.warn({ err, peer: peer.statement.id }, 'A connector refused the registration.');
      peer.close();
    });
  };
  for (const endpoint of connectors) {
    void keepControl({
      ...control,
      endpoint,
      handlers: { meet },
      expected: { roles: ['connector'], location },
      signal,
      onOpen: async (peer) => {
        void peer.closed.then(() => {
          clearTimeout(registered.get(peer));
          registered.delete(peer);
        });
        await announce(peer).catch((error: unknown) => {
          peer.close();
          throw error;
        });
      },
    });
  }
  return {
    changed: () => {
      for (const peer of registered.keys()) again(peer);
    },
    registeredWith: () => [...registered.keys()].filter((peer) => peer.responsive()).length,
  };
}
