/** The page tier: what a portal page may ask. Its Workspace is the origin reported by the browser, never by the page. */
import type { Cause } from '#protocol/causes';
import { fromWireError, HoldfastError, toWireError } from '#protocol/errors';
import { HOST } from '#protocol/host';
import { LIMITS, VERSION } from '#protocol/limits';
import { PAGE, type PageMessage, PageRequest } from '#protocol/page';
import { parse } from '#protocol/parse';
import { newCorrelationId } from '../correlation.ts';
import { hostMessage } from '../host/state-message.ts';
import { collectLogs } from '../log/collect.ts';
import type { Port } from '../webext.ts';
import type { World } from '../world/world.ts';

interface Sender {
  readonly tab: number;
  readonly workspace: string;
}

/** null: not the main frame of a tab on a Workspace's origin. */
export function pageSender(port: Port, world: World): Sender | null {
  const { tab, frameId, url } = port.sender ?? {};
  const workspace = world.workspaces.workspaceOf(url ?? '');
  return tab?.id === undefined || frameId !== 0 || workspace === null ? null : { tab: tab.id, workspace };
}

export function servePage(port: Port, sender: Sender, world: World): void {
  const release = world.host.hold();
  world.portals.opened(sender.tab, sender.workspace, port);
  world.watches.event(sender.tab, { type: 'portal', report: 'loaded' });
  const host = hostMessage(world.host.state());
  if (host !== null) port.post(host);
  port.onMessage((message) => void answer(message, sender, world).then(port.post));
  port.onClose(() => {
    world.portals.gone(sender.tab, port);
    release();
    world.changed();
  });
  world.changed();
}

async function answer(message: unknown, sender: Sender, world: World): Promise<PageMessage> {
  let id = 0;
  try {
    if (JSON.stringify(message).length > LIMITS.nativeMessageBytes * 8) throw new HoldfastError('too_large');
    const request = parse(PageRequest, message);
    id = request.id;
    if (request.v < VERSION.host - 1) throw new HoldfastError('host_version', { reason: 'page' });
    return { id, body: await dispatch(request, sender, world) };
  } catch (error) {
    const wire = { correlationId: newCorrelationId(), ...toWireError(error) };
    world.log.write(`page request refused: ${fromWireError(wire).message} ${wire.correlationId}`);
    return { id, error: wire };
  }
}

function dispatch(request: PageRequest, sender: Sender, world: World): Promise<unknown> {
  switch (request.type) {
    case 'portalState':
      return portalState(request.body, sender, world);
    case 'health':
      return health(sender, world);
    case 'logs':
      return logs(request.body, sender, world);
    default: {
      const { type } = PAGE[request.type];
      return world.host.request(type, parse(HOST[type].request, { ...request.body, workspace: sender.workspace }));
    }
  }
}

async function portalState(body: unknown, { tab, workspace }: Sender, world: World): Promise<object> {
  const { state, workspaceName, resources } = parse(PAGE.portalState.request, body);
  if (workspaceName !== undefined) world.workspaces.named(workspace, workspaceName);
  if (resources !== undefined) world.facts.listed(workspace, resources);
  world.portals.said(tab, workspace, state);
  world.watches.event(tab, { type: 'portal', report: state });
  world.changed();
  return {};
}

async function health({ workspace }: Sender, world: World): Promise<{ cause?: Cause }> {
  const verdict = await world.facts.look(workspace);
  if (!verdict.up) return { cause: verdict.cause };
  return verdict.identity === 'down' ? { cause: 'unreachable' } : {};
}

async function logs(body: unknown, { workspace }: Sender, world: World): Promise<{ text: string }> {
  return { text: await collectLogs(world.log, world.host, parse(PAGE.logs.request, body).lines, workspace) };
}
