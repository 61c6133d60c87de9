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
import type { SessionContext } from './session-context.ts';
import { unshown, untilShown, VIEWER_END_MS } from './until-shown.ts';

const ENDED = {
  viewer: 'the viewer ended',
  host: 'the session host ended it',
  cut: 'the connection to the session host was cut',
  stopped: 'it was stopped',
} as const;

export async function serveViewer(
  context: SessionContext,
  prepared: Prepared,
  order: OpenOrder,
  { answer, socket }: Attached,
): Promise<void> {
  const { home, log, send, signal } = context;
  const { folder, correlationId, viewer, key } = prepared;
  const record = recordOf(prepared, order, answer.session);
  const door = await openDoor(viewer.door(answer.signOn), folder);
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
  try {
    const carried = relay(socket, connection, signal);
    const shown = await untilShown(program, connection, carried, () => send({ type: 'asking', viewer: viewer.name }));
    if (shown.is !== 'shown') {
      socket.destroy();
      log.warn(`session: ${viewer.name} showed nothing: ${program.lastWords()}`, correlationId);
      return send(unshown(shown, program));
    }
    await recordSession(home, order, folder, record).catch((error: unknown) => log.error('session: record', error, correlationId));
    send({ type: 'running', session: record });
    const end = await carried.over;
    await program.gone(VIEWER_END_MS);
    log.info(`session ${record.session} ended: ${ENDED[end.by]}`, correlationId);
    send({ type: 'over', ...(end.code !== undefined && { error: toWireError(new HoldfastError(end.code)) }) });
  } finally {
    door.close();
    await program.end();
    await forgetSession(home, record.session).catch((error: unknown) => log.error('session: record', error, correlationId));
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
