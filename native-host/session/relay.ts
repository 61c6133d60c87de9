/** Copies bytes between session host and viewer until either closes, at the pace of the slower reader. */
import type { Duplex } from 'node:stream';
import type { LaunchCode } from '#protocol/errors';

export interface RelayEnd {
  /** who ended it first; `cut`: the connection to the session host was lost; `stopped`: we ended it */
  readonly by: 'viewer' | 'host' | 'cut' | 'stopped';
  readonly code: LaunchCode | undefined;
}

export interface Relay {
  /** resolves when both ends are closed */
  readonly over: Promise<RelayEnd>;
}

export function relay(host: Duplex, viewer: Duplex, signal: AbortSignal): Relay {
  const over = Promise.withResolvers<RelayEnd>();
  let by: RelayEnd['by'] | undefined;
  const ended = (who: RelayEnd['by']) => {
    by ??= who;
    host.destroy();
    viewer.destroy();
    if (host.closed && viewer.closed) over.resolve({ by, code: by === 'cut' && host.errored !== null ? 3023 : undefined });
  };
  host
    .once('error', () => ended('cut'))
    .once('end', () => {
      by ??= 'host';
      viewer.end();
    });
  viewer.once('error', () => ended('viewer')).once('end', () => ended('viewer'));
  host.once('close', () => ended(host.errored === null ? 'host' : 'cut'));
  viewer.once('close', () => ended('viewer'));
  signal.addEventListener('abort', () => ended('stopped'), { once: true });
  host.pipe(viewer, { end: false });
  viewer.pipe(host, { end: false });
  // Either may have closed while the other was still connecting.
  if (host.destroyed || viewer.destroyed) ended(host.destroyed ? 'cut' : 'viewer');
  return { over: over.promise };
}
