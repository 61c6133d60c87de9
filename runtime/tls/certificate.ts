/** Self-signed P-256 certificates. They only carry a key: what the key is, a trust statement says (no CA anywhere). */
import 'reflect-metadata';
import { X509Certificate } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { sha256 } from '../jose/primitives.ts';

export interface TlsIdentity {
  /** PEM */
  readonly key: string;
  readonly cert: string;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
/** A certificate's own dates mean nothing here (the statement's do), so they span what clocks may say. */
const NOT_BEFORE = new Date('2020-01-01T00:00:00Z');
const NOT_AFTER = new Date('2120-01-01T00:00:00Z');

export async function newTlsIdentity(name: string): Promise<TlsIdentity> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const cert = await x509.X509CertificateGenerator.createSelfSigned(
    { name: `CN=${name}`, keys, signingAlgorithm: ALGORITHM, notBefore: NOT_BEFORE, notAfter: NOT_AFTER },
    crypto,
  );
  const key = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { key: x509.PemConverter.encode(key, 'PRIVATE KEY'), cert: cert.toString('pem') };
}

/** SHA-256 of the certificate's SubjectPublicKeyInfo (DER), base64url: `keys.tls` of a trust statement. */
export function spkiDigest(cert: string | X509Certificate): string {
  const certificate = typeof cert === 'string' ? new X509Certificate(cert) : cert;
  return sha256(certificate.publicKey.export({ type: 'spki', format: 'der' }));
}
