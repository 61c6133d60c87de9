/**
 * The stranger's tier: a page that requested the bridge, whose origin is not a known Workspace. It may be a portal on a device
 * whose host is missing, refuses this extension or was set up for another Workspace. It learns which, and nothing else.
 */
import * as v from 'valibot';
import { HoldfastError, toWireError, type WireError } from '#protocol/errors';
import type { PageMessage } from '#protocol/page';
import { Count } from '#protocol/primitives';
import { newCorrelationId } from '../correlation.ts';
import { hostMessage } from '../host/state-message.ts';
import type { Port } from '../webext.ts';
import type { World } from '../world/world.ts';

const Asked = v.object({ id: Count });

/** Its URL; null: not the main frame of a tab. */
export function strangerSender(port: Port): string | null {
  const { tab, frameId, url = '' } = port.sender ?? {};
  return tab?.id === undefined || frameId !== 0 ? null : url;
}

export function serveStranger(port: Port, url: string, world: World): void {
  const notOurs = toWireError(new HoldfastError('forbidden_caller', { reason: 'workspace-unknown' }), newCorrelationId());
  const release = world.host.hold();
  const forget = world.onChange(look);
  port.onClose(leave);
  port.onMessage((message) => void refuse(message));
  look();

  function leave(): void {
    forget();
    release();
  }

  /** Once the host names this Workspace, the page reconnects as a known one. */
  function look(): void {
    if (world.workspaces.workspaceOf(url) !== null) {
      leave();
      port.close();
      return;
    }
    const told = hostMessage(world.host.state());
    if (told?.error !== undefined) port.post(told);
  }

  async function why(): Promise<WireError> {
    const host = await world.host.look();
    return 'error' in host ? host.error : notOurs;
  }

  async function refuse(message: unknown): Promise<void> {
    const asked = v.safeParse(Asked, message);
    if (!asked.success) return;
    const error = await why();
    world.log.write(`page of an unknown Workspace refused: ${error.code} ${error.correlationId}`);
    port.post({ id: asked.output.id, error } satisfies PageMessage);
  }
}
