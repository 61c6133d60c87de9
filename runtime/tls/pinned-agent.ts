/** HTTPS to a server identified by its key: the connection is closed before a byte of HTTP is sent when the key differs. */
import { connect, type TLSSocket } from 'node:tls';
import { Agent } from 'undici';
import { HoldfastError } from '#protocol/errors';
import type { TlsIdentity } from './certificate.ts';
import { lookup } from './lookup.ts';
import { clientTlsWithoutAuthority } from './options.ts';
import { peerSpki } from './peer.ts';

export interface PinnedAgentOptions {
  /** whether this key (SHA-256 of the SPKI) is the server we mean */
  readonly accepts: (spki: string) => boolean;
  /** what `host:port` has when it is not */
  readonly stranger: 'other-key' | 'pinned-key' | 'tls-pin';
  /** our own certificate, where the server wants one */
  readonly identity?: TlsIdentity;
  readonly connectTimeoutMs: number;
  readonly connections?: number;
}

const HTTPS_PORT = 443;

/** Requests over it reject with `untrusted_peer` or `timeout`, else with the connection's own error. */
export function pinnedAgent({ accepts, stranger, identity, connectTimeoutMs, connections = 8 }: PinnedAgentOptions): Agent {
  return new Agent({
    connections,
    pipelining: 1,
    connect: ({ hostname, port: written }, callback) => {
      // A URL that names the port of its scheme has none.
      const port = written === '' ? HTTPS_PORT : Number(written);
      const socket: TLSSocket = connect({ host: hostname, port, lookup, ...clientTlsWithoutAuthority(identity) });
      const deadline = setTimeout(
        () => socket.destroy(new HoldfastError('timeout', { reason: 'address', host: hostname, port })),
        connectTimeoutMs,
      );
      const settle = (error: Error | null) => {
        clearTimeout(deadline);
        socket.off('error', settle);
        if (error === null) callback(null, socket);
        else callback(error, null);
      };
      socket.once('error', settle);
      socket.once('secureConnect', () => {
        const spki = peerSpki(socket);
        if (spki !== undefined && accepts(spki)) return settle(null);
        socket.off('error', settle);
        socket.on('error', () => {});
        socket.destroy();
        settle(new HoldfastError('untrusted_peer', { reason: stranger, host: hostname, port }));
      });
    },
  });
}
