/** Opens the port to the native host, and announces its changes. */
import * as v from 'valibot';
import { NATIVE_HOST_NAME } from '#protocol/host';
import type { Clock } from '../clock.ts';
import { openNative, self } from '../webext.ts';
import type { Portals } from '../workspaces/portals.ts';
import { createHostPort, type HostPort, type HostReply, HostTroubleKept } from './port.ts';
import { hostMessage } from './state-message.ts';

export interface HostNeeds {
  readonly clock: Clock;
  readonly portals: Portals;
  readonly profile: string;
  /** an error from before the worker was stopped, as passed to `keep` */
  readonly kept: unknown;
  keep(trouble: unknown): void;
  onHello(hello: HostReply<'hello'>): void;
  /** its saved leases for a Workspace may have changed */
  askHost(workspace: string): void;
  onChange(): void;
  log(text: string): void;
}

export function openHost({ clock, portals, profile, kept, keep, onHello, askHost, onChange, log }: HostNeeds): HostPort {
  return createHostPort({
    extension: self.id,
    profile,
    clock,
    before: v.parse(v.fallback(v.union([HostTroubleKept, v.object({ state: v.literal('closed') })]), { state: 'closed' }), kept),
    open: (onMessage, onClose) => openNative(NATIVE_HOST_NAME, onMessage, onClose),
    onState(state) {
      const told = hostMessage(state);
      keep(told?.error === undefined ? null : state);
      if (told !== null) portals.tell(null, told);
      if (told?.state === 'ready') for (const { workspace } of portals.all()) askHost(workspace);
      onChange();
    },
    onHello,
    onEvent(event) {
      portals.tell(event.workspace, event);
      if (event.event === 'sync' && event.status.state !== 'running') askHost(event.workspace);
    },
    log,
  });
}
