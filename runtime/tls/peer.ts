/** What a TLS 1.3 connection tells about itself: the peer's key and the exporter that binds a proof to it. */
import type { TLSSocket } from 'node:tls';
import { sha256 } from '../jose/primitives.ts';

/** SHA-256 of the peer's SPKI, or undefined when it showed no certificate (a resumed connection shows none: fail closed). */
export function peerSpki(socket: TLSSocket): string | undefined {
  const certificate = socket.getPeerX509Certificate();
  return certificate === undefined ? undefined : sha256(certificate.publicKey.export({ type: 'spki', format: 'der' }));
}

/** RFC 9266 channel binding, 32 bytes in base64url: equal at both ends, different on every connection. */
export function exporterOf(socket: TLSSocket): string {
  return socket.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0)).toString('base64url');
}
