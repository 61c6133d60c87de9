/**
 * The one TLS profile: 1.3 only, no CA, nothing resumed (a resumed connection would show no certificate): tickets carry no state of their
 * own, and the server keeps none.
 */
import { constants } from 'node:crypto';
import type { ConnectionOptions, TlsOptions } from 'node:tls';
import { TIMES } from '#protocol/limits';
import type { TlsIdentity } from './certificate.ts';

const PROFILE = { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' } as const;

/** For servers; requesting the client's certificate is added where it is wanted. */
export function serverTls(identity: TlsIdentity): TlsOptions {
  return {
    ...PROFILE,
    key: identity.key,
    cert: identity.cert,
    secureOptions: constants.SSL_OP_NO_TICKET,
    handshakeTimeout: TIMES.clientHelloMs,
  };
}

/**
 * There is no CA to check against: callers must compare `peerSpki` with a trust statement
 * (or a pin) before it sends anything.
 */
export function clientTlsWithoutAuthority(identity?: TlsIdentity): ConnectionOptions {
  return { ...PROFILE, rejectUnauthorized: false, ...(identity !== undefined && { key: identity.key, cert: identity.cert }) };
}
