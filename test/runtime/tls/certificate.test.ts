/** Self-signed certificates: read back by OpenSSL's parser, which had no part in making them. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { createSecureContext } from 'node:tls';
import { sha256 } from '../../../runtime/jose/primitives.ts';
import { newTlsIdentity, spkiDigest } from '../../../runtime/tls/certificate.ts';

test('a certificate names its component, is signed by its own P-256 key and outlives every clock', async () => {
  const { cert } = await newTlsIdentity('zurich-connector-1');
  const read = new X509Certificate(cert);
  assert.equal(read.subject, 'CN=zurich-connector-1');
  assert.equal(read.issuer, read.subject);
  assert.equal(read.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1');
  assert.equal(read.verify(read.publicKey), true);
  assert.equal(read.validFromDate.toISOString(), '2020-01-01T00:00:00.000Z');
  assert.equal(read.validToDate.toISOString(), '2120-01-01T00:00:00.000Z');
});

test('its key opens it: a TLS server can use both', async () => {
  assert.ok(createSecureContext(await newTlsIdentity('gateway-1')));
});

test('the pin is the digest of the key, the same however often it is read', async () => {
  const { cert } = await newTlsIdentity('gateway-1');
  const { publicKey } = new X509Certificate(cert);
  assert.equal(spkiDigest(cert), sha256(publicKey.export({ type: 'spki', format: 'der' })));
});

test('no two certificates share a key or a serial number, whatever the length of their names', async () => {
  const names = ['a', 'a', 'ü'.repeat(100), 'b'.repeat(200)];
  const made = await Promise.all(names.map(newTlsIdentity));
  const read = made.map(({ cert }) => new X509Certificate(cert));
  assert.equal(new Set(read.map(({ serialNumber }) => serialNumber)).size, names.length);
  assert.equal(new Set(read.map((certificate) => spkiDigest(certificate))).size, names.length);
  assert.deepEqual(
    read.map(({ subject }) => subject.replace(/^CN=/u, '')),
    names,
  );
});
