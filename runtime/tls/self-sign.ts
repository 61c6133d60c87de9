/** `node self-sign.ts <name>`: prints a new self-signed P-256 certificate and its key, as JSON. A program for `certificate.ts` alone. */
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
/** A certificate's own dates mean nothing here (the statement's do), so they span what clocks may say. */
const NOT_BEFORE = new Date('2020-01-01T00:00:00Z');
const NOT_AFTER = new Date('2120-01-01T00:00:00Z');

const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
const name = [{ CN: [process.argv[2] ?? ''] }];
const cert = await x509.X509CertificateGenerator.createSelfSigned(
  { name, keys, signingAlgorithm: ALGORITHM, notBefore: NOT_BEFORE, notAfter: NOT_AFTER },
  crypto,
);
const key = x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
process.stdout.write(JSON.stringify({ key, cert: cert.toString('pem') }));
