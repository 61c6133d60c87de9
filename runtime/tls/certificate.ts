/** Self-signed P-256 certificates. They only carry a key; a trust statement says whose it is (no CA anywhere). */
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { parseJson } from '#protocol/parse';
import { sha256 } from '../jose/primitives.ts';

/** Both PEM. */
const TlsIdentity = v.strictObject({ key: v.string(), cert: v.string() });
export type TlsIdentity = v.InferOutput<typeof TlsIdentity>;

const PROGRAM = fileURLToPath(new URL('self-sign.ts', import.meta.url));
const DEADLINE_MS = 30_000;
const ANSWER_BYTES = 16 * 1024;

/**
 * A new key, and a certificate for it that names the component. Made in a separate process: the library that writes certificates
 * is needed once in a component's life, and would keep some 15 MiB of it resident.
 */
export async function newTlsIdentity(name: string): Promise<TlsIdentity> {
  const args = ['--disable-warning=ExperimentalWarning', PROGRAM, name];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: DEADLINE_MS, maxBuffer: ANSWER_BYTES });
  return parseJson(TlsIdentity, stdout, ANSWER_BYTES, 'internal');
}

/** SHA-256 of the certificate's SubjectPublicKeyInfo (DER), base64url: `keys.tls` of a trust statement. */
export function spkiDigest(cert: string | X509Certificate): string {
  const certificate = typeof cert === 'string' ? new X509Certificate(cert) : cert;
  return sha256(certificate.publicKey.export({ type: 'spki', format: 'der' }));
}
