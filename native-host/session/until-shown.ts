/** Waits for the desktop or the shell itself: neither a viewer that runs nor bytes that come are a sign of it. */
import type { Socket } from 'node:net';
import { HoldfastError, toWireError } from '#protocol/errors';
import type { FromSession } from '#protocol/session-process';
import type { Timing } from '#runtime/machine/drive';
import { monotonicClock } from '#runtime/monotonic-clock';
import type { Relay, RelayEnd } from './relay.ts';
import { ASKING_MS, OPENING_MS } from './session-context.ts';
import type { ViewerProcess } from './viewer-process.ts';

export type Shown =
  | { readonly is: 'shown' }
  | { readonly is: 'late'; readonly asked: boolean }
  | { readonly is: 'ended'; readonly end: RelayEnd; readonly asked: boolean };

const LOOK_MS = 20;
/** How long a viewer may take to close by itself after its session ends. */
export const VIEWER_END_MS = 2_000;

/** `connection`: the viewer's. `asking` is called when it waits for the person. */
export function untilShown(
  program: Pick<ViewerProcess, 'standing' | 'gone'>,
  connection: Pick<Socket, 'bytesWritten'>,
  { over }: Relay,
  asking: () => void,
  clock: Timing = monotonicClock,
): Promise<Shown> {
  let until = clock.now() + OPENING_MS;
  let asked = false;
  const standing = () => program.standing(connection.bytesWritten);
  return new Promise((resolve) => {
    const look = () => {
      const now = standing();
      if (now === 'up') return resolve({ is: 'shown' });
      if (now === 'asking' && !asked) {
        asked = true;
        until = clock.now() + ASKING_MS;
        asking();
      }
      if (clock.now() >= until) return resolve({ is: 'late', asked });
      rest = clock.after(LOOK_MS, look);
    };
    let rest = clock.after(LOOK_MS, look);
    void over.then(async (end) => {
      rest();
      // Its last words come with its end. However short it was, what was shown was shown.
      await program.gone(VIEWER_END_MS);
      resolve(standing() === 'up' ? { is: 'shown' } : { is: 'ended', end, asked });
    });
  });
}

/** What the host is told when nothing was shown. */
export function unshown(shown: Exclude<Shown, { is: 'shown' }>, program: Pick<ViewerProcess, 'refusal' | 'failure'>): FromSession {
  const refusal = program.refusal();
  if (refusal !== undefined) return { type: 'hopeless', error: toWireError(refusal) };
  if (shown.is === 'late') return { type: shown.asked ? 'hopeless' : 'unmet', error: toWireError(new HoldfastError(3023)) };
  const { by, code } = shown.end;
  if (by === 'viewer' && shown.asked) return { type: 'hopeless', error: toWireError(new HoldfastError(3024)) };
  if (by === 'viewer') return { type: 'unmet', error: toWireError(program.failure()) };
  // Nobody is asked for their password again because it came too late.
  const error = code === undefined ? new HoldfastError(3026, { reason: 'server-ended' }) : new HoldfastError(code);
  return { type: shown.asked ? 'hopeless' : 'unmet', error: toWireError(error) };
}
