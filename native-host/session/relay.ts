/** Copies bytes between session host and viewer until either closes, at the pace of the slower reader. */
import type { Duplex } from 'node:stream';
import type { LaunchCode } from '#protocol/errors';

export interface Relay {
  /** whether bytes of the session host have reached the viewer */
  started(): boolean;
  /** resolves when both ends are closed */
  readonly over: Promise<{ readonly why: string; readonly code: LaunchCode | undefined }>;
}

export function relay(host: Duplex, viewer: Duplex, signal: AbortSignal, onFirstBytes: () => void): Relay {
  let hasStarted = false;
  const over = Promise.withResolvers<{ why: string; code: LaunchCode | undefined }>();
  let why: string | undefined;
  const ended = (by: string) => {
    why ??= by;
    host.destroy();
    viewer.destroy();
    if (host.closed && viewer.closed) {
      over.resolve({ why, code: host.errored !== null && why === HOST_CUT ? 3023 : undefined });
    }
  };
  host.once('data', () => {
    hasStarted = true;
    onFirstBytes();
  });
  host.once('error', () => ended(HOST_CUT)).once('end', () => viewer.end());
  viewer.once('error', () => ended('the viewer ended')).once('end', () => ended('the viewer ended'));
  host.once('close', () => ended(host.errored === null ? 'the session host ended it' : HOST_CUT));
  viewer.once('close', () => ended('the viewer ended'));
  signal.addEventListener('abort', () => ended('it was stopped'), { once: true });
  host.pipe(viewer, { end: false });
  viewer.pipe(host, { end: false });
  // Either may have closed while the other was still connecting.
  if (host.destroyed || viewer.destroyed) ended(host.destroyed ? HOST_CUT : 'the viewer ended');
  return { started: () => hasStarted, over: over.promise };
}

const HOST_CUT = 'the connection to the session host was cut';
