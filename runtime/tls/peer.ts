/** What a TLS 1.3 connection tells about itself: the peer's key and the exporter that binds a proof to it. */
import type { TLSSocket } from 'node:tls';
import { sha256 } from '../jose/primitives.ts';

/** A connection's peer never changes: TLS 1.3 has no renegotiation. Reading its key costs as much as a signature check. */
const known = new WeakMap<TLSSocket, string>();

/** SHA-256 of the peer's SPKI, or undefined when it showed no certificate (a resumed connection shows none: fail closed). */
export function peerSpki(socket: TLSSocket): string | undefined {
  const held = known.get(socket);
  if (held !== undefined) return held;
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return undefined;
  const spki = sha256(certificate.publicKey.export({ type: 'spki', format: 'der' }));
  known.set(socket, spki);
  return spki;
}

/** RFC 9266 channel binding, 32 bytes in base64url: equal at both ends, different on every connection. */
export function exporterOf(socket: TLSSocket): string {
  return socket.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0)).toString('base64url');
}
