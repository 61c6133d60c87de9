/** Starts the viewer and waits for its connection; starts it once more when the host asks. */
import type { Socket } from 'node:net';
import { HoldfastError, toWireError } from '#protocol/errors';
import type { Viewer, ViewerInput } from '../viewers/viewer.ts';
import type { PrivateDoor } from './door.ts';
import { OPENING_MS, type SessionContext } from './session-context.ts';
import { startViewer, type ViewerProcess } from './viewer-process.ts';

/** undefined: it did not connect; the host knows why. Throws 3026 for values that are unsafe for a viewer. */
export async function firstViewer(
  { log, send, signal, askAgain }: SessionContext,
  viewer: Viewer,
  input: ViewerInput,
  door: PrivateDoor,
  isCut: () => boolean,
): Promise<{ program: ViewerProcess; connection: Socket } | undefined> {
  for (;;) {
    const program = await startViewer(viewer, input, signal);
    send({ type: 'opening', viewer: viewer.name });
    const first = await door.first(program.ended, OPENING_MS, signal);
    if (first.came) return { program, connection: first.connection };
    await program.end();
    if (first.why === 'stopped') return undefined;
    if (first.why === 'late' || isCut()) {
      send({ type: 'unmet', error: toWireError(new HoldfastError(first.why === 'late' ? 3023 : 3026)) });
      return undefined;
    }
    log.warn(`session: ${viewer.name} ended: ${program.lastWords()}`);
    const refusal = program.refusal();
    if (refusal !== undefined) {
      send({ type: 'hopeless', error: toWireError(refusal) });
      return undefined;
    }
    const again = askAgain();
    send({ type: 'viewerFailed', error: toWireError(program.failure()) });
    if (!(await again)) return undefined;
  }
}
