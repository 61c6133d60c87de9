/** From the attached channel to the end of the session: door, viewer, bytes, record. */
import { resourceRef } from '#core/access/resource-key';
import { HoldfastError, toWireError } from '#protocol/errors';
import type { RunningSession } from '#protocol/host';
import type { OpenOrder } from '#protocol/session-process';
import type { Attached } from './attach.ts';
import { openDoor } from './door.ts';
import { firstViewer } from './first-viewer.ts';
import type { Prepared } from './prepare.ts';
import { forgetSession, recordSession } from './record.ts';
import { relay } from './relay.ts';
import { FIRST_BYTES_MS, type SessionContext } from './session-context.ts';

/** How long a viewer may take to close by itself after its session ends. */
const VIEWER_END_MS = 2_000;

export async function serveViewer(
  context: SessionContext,
  prepared: Prepared,
  order: OpenOrder,
  { answer, socket }: Attached,
): Promise<void> {
  const { home, log, send, signal } = context;
  const { folder, correlationId, viewer, key } = prepared;
  const record = recordOf(prepared, order, answer.session);
  const door = await openDoor(viewer.door, folder);
  const input = { folder, door: door.at, resource: order.resource, signOn: answer.signOn, key };
  const first = await firstViewer(context, viewer, input, door, () => socket.destroyed).catch((error: unknown) => {
    door.close();
    socket.destroy();
    throw error;
  });
  if (first === undefined) {
    door.close();
    socket.destroy();
    return;
  }
  const { program, connection } = first;
  let told: Promise<void> | undefined;
  try {
    const carried = relay(socket, connection, signal, () => {
      told = recordSession(home, order, folder, record).then(() => send({ type: 'running', session: record }));
    });
    const late = setTimeout(() => !carried.started() && socket.destroy(new HoldfastError(3023)), FIRST_BYTES_MS);
    const end = await carried.over;
    clearTimeout(late);
    if (!carried.started()) {
      log.warn(`session: ${viewer.name} never connected: ${program.lastWords()}`, correlationId);
      return send({ type: 'unmet', error: toWireError(program.failure(end.code)) });
    }
    // Report the start before the end, however short the session was.
    await told;
    await program.gone(VIEWER_END_MS);
    log.info(`session ${record.session} ended: ${end.why}`, correlationId);
    send({ type: 'over', ...(end.code !== undefined && { error: toWireError(new HoldfastError(end.code)) }) });
  } finally {
    door.close();
    await program.end();
    await forgetSession(home, record.session);
  }
}

function recordOf({ viewer, correlationId }: Prepared, order: OpenOrder, session: string): RunningSession {
  const { resource, sessionHost, location, gateway, mode } = order;
  return {
    session,
    resource: resourceRef(resource),
    name: resource.name,
    protocol: resource.protocol,
    sessionHost,
    location,
    route: gateway === undefined ? 'direct' : 'gateway',
    ...(gateway !== undefined && { gateway: gateway.id }),
    mode,
    since: Date.now(),
    viewer: viewer.name,
    correlationId,
  };
}
