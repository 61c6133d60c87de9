/** TLS 1.3 to an address, with a deadline and a signal. The peer's key is not checked here. */
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ConnectionOptions, connect, createSecureContext, type TLSSocket } from 'node:tls';
import { HoldfastError } from '#protocol/errors';
import type { Address } from '#protocol/primitives';
import type { Facts } from '#protocol/reasons';
import { lookup } from '../tls/lookup.ts';
import { clientTlsWithoutAuthority } from '../tls/options.ts';

export interface Destination {
  readonly address: Address;
  /** TLS server name; by default the host's name, or a fixed one where the host is an IP literal */
  readonly serverName?: string;
  readonly alpn: string;
  /** closes the connection whenever it aborts, even later */
  readonly signal: AbortSignal;
  /** an existing connection to that address */
  readonly over?: Duplex;
}

/** ms of silence before TCP keep-alive probes start: a closed laptop sends no FIN */
export const KEEP_ALIVE_MS = 30_000;

/** Some servers choose by server name, so one is always sent. It identifies nobody: the statement does. */
const NAMELESS = 'peer.holdfast';

/** Rejects with `unavailable` (refused, unknown name, cut), or with what the connection was destroyed with. */
export function connectTls({ address, serverName, alpn, signal, over }: Destination): { socket: TLSSocket; secured: Promise<void> } {
  // `tls.connect` supports allowHalfOpen, though its types do not say so: a viewer that has finished sending may still be reading.
  const options: ConnectionOptions & { allowHalfOpen: true } = {
    ...(over === undefined ? { host: address.host, port: address.port, lookup } : { socket: over }),
    servername: serverName ?? (isIP(address.host) === 0 ? address.host : NAMELESS),
    ALPNProtocols: [alpn],
    allowHalfOpen: true,
    ...withoutAuthority(),
  };
  const socket = connect(options);
  socket.setNoDelay(true).setKeepAlive(true, KEEP_ALIVE_MS);
  socket.on('error', () => {});
  endWith(socket, signal);
  const secured = new Promise<void>((resolve, reject) => {
    socket.once('close', () => reject(asFailure(socket.errored, address)));
    socket.once('secureConnect', () => {
      if (socket.alpnProtocol === alpn) return resolve();
      socket.destroy(new HoldfastError('untrusted_peer', { reason: 'other-protocol', host: address.host, port: address.port }));
    });
  });
  return { socket, secured };
}

/** Created once: a new one per connection costs half a handshake, mostly for a CA list that is never used. */
let shared: ConnectionOptions | undefined;
function withoutAuthority(): ConnectionOptions {
  shared ??= { ...clientTlsWithoutAuthority(), secureContext: createSecureContext({ ...clientTlsWithoutAuthority(), ca: [] }) };
  return shared;
}

/** Destroys the socket when the signal aborts; removes the listener when the socket closes. */
export function endWith(
  socket: { destroy(error?: Error): unknown; once(event: 'close', then: () => void): unknown },
  signal: AbortSignal,
): void {
  const abort = () =>
    socket.destroy(signal.reason instanceof Error ? signal.reason : new HoldfastError('unavailable', { reason: 'stopped' }));
  if (signal.aborted) return void abort();
  signal.addEventListener('abort', abort);
  socket.once('close', () => signal.removeEventListener('abort', abort));
}

/** Runs `work`; destroys the connection with `timeout` when it takes longer. */
export async function within<T>(
  socket: { destroy(error?: Error): unknown },
  deadlineMs: number,
  what: Facts<'timeout'>,
  work: () => Promise<T>,
): Promise<T> {
  const timer = setTimeout(() => socket.destroy(new HoldfastError('timeout', what)), deadlineMs);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
  }
}

function asFailure(error: Error | null, address: Address): Error {
  if (error instanceof HoldfastError || error?.name === 'AbortError') return error;
  return new HoldfastError('unavailable', { reason: 'address', host: address.host, port: address.port }, { cause: error });
}
