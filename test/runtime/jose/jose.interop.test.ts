import assert from 'node:assert/strict';
import { diffieHellman, sign as signBytes } from 'node:crypto';
import test from 'node:test';
import * as jose from 'jose';
import { TYP } from '#protocol/jose';
import { nodeCrypto, publicKeyOf, thumbprint } from '../../../runtime/jose/primitives.ts';
import { batchSealer, unsealer, unsealerFor } from '../../../runtime/jose/seal.ts';
import {
  componentSigner,
  type DeviceKey,
  deviceSigner,
  newEd25519,
  newP256,
  privateKeyOf,
  publicHalf,
} from '../../../runtime/jose/sign.ts';
import { seal } from '../../seal.ts';

const CLAIMS = { sub: 'mara', text: 'Zürich, 10:42 – ok' };

function fileKey(): DeviceKey {
  const sign = newP256();
  const enc = newP256();
  return {
    sign: (bytes) => signBytes('sha256', bytes, { key: privateKeyOf(sign), dsaEncoding: 'ieee-p1363' }),
    deriveECDH: (point) => diffieHellman({ privateKey: privateKeyOf(enc), publicKey: publicKeyOf(point) }),
    publicJwk: () => ({ sign: publicHalf(sign), enc: publicHalf(enc) }),
  };
}

test('a component signature is one that jose accepts, and the other way round', async () => {
  const key = newEd25519();
  const signer = componentSigner(key);
  const opened = await jose.compactVerify(signer.sign(TYP.grant, CLAIMS), await jose.importJWK({ ...signer.publicKey }, 'EdDSA'));
  assert.deepEqual(JSON.parse(new TextDecoder().decode(opened.payload)), CLAIMS);
  assert.equal(opened.protectedHeader.kid, await jose.calculateJwkThumbprint({ ...signer.publicKey }));

  const theirs = await new jose.CompactSign(new TextEncoder().encode('{}'))
    .setProtectedHeader({ alg: 'EdDSA' })
    .sign(await jose.importJWK({ ...key }, 'EdDSA'));
  const [head, payload, signature] = theirs.split('.');
  assert.ok(nodeCrypto.verify(signer.publicKey, `${head}.${payload}`, signature ?? ''));
});

test('a device signature is one that jose accepts', async () => {
  const signer = deviceSigner(fileKey());
  const opened = await jose.compactVerify(signer.sign(TYP.proof, CLAIMS), await jose.importJWK({ ...signer.publicKey }, 'ES256'));
  assert.deepEqual(JSON.parse(new TextDecoder().decode(opened.payload)), CLAIMS);
});

test('B-L4a what we seal jose opens, and what jose seals we open', async () => {
  const reader = newP256();
  const mine = seal('a.b.c', publicHalf(reader));
  assert.equal(jose.decodeProtectedHeader(mine).enc, 'A256GCM');
  const opened = await jose.compactDecrypt(mine, await jose.importJWK({ ...reader }, 'ECDH-ES+A256KW'), { maxDecompressedLength: 0 });
  assert.equal(new TextDecoder().decode(opened.plaintext), 'a.b.c');
  const theirs = await new jose.CompactEncrypt(new TextEncoder().encode('d.e.f'))
    .setProtectedHeader({ alg: 'ECDH-ES+A256KW', enc: 'A256GCM', cty: 'JWT', kid: thumbprint(publicHalf(reader)) })
    .encrypt(await jose.importJWK({ ...publicHalf(reader) }, 'ECDH-ES+A256KW'));
  assert.equal(unsealerFor(reader)(theirs), 'd.e.f');
});

test('a device key that only signs and derives opens what is sealed to it, and nobody else does', () => {
  const device = fileKey();
  const sealed = seal('x.y.z', device.publicJwk().enc);
  assert.equal(unsealer(device.publicJwk().enc, device.deriveECDH)(sealed), 'x.y.z');
  assert.equal(unsealerFor(newP256())(sealed), undefined);
});

test('a device key is asked for nothing that is sealed to another, and once for a whole batch', () => {
  const device = fileKey();
  const reader = device.publicJwk().enc;
  let asked = 0;
  const open = unsealer(reader, (point) => {
    asked += 1;
    return device.deriveECDH(point);
  });
  assert.equal(open(seal('x.y.z', publicHalf(newP256()))), undefined);
  assert.equal(asked, 0);
  const batch = batchSealer();
  assert.deepEqual(
    ['a.b.c', 'd.e.f', 'g.h.i'].map((jws) => open(batch(jws, reader))),
    ['a.b.c', 'd.e.f', 'g.h.i'],
  );
  assert.equal(asked, 1);
});

test('every changed character of a sealed content is noticed', () => {
  const reader = newP256();
  const sealed = seal('x.y.z', publicHalf(reader));
  const open = unsealerFor(reader);
  for (let at = 0; at < sealed.length; at++) {
    const other = sealed[at] === 'A' ? 'B' : 'A';
    assert.equal(open(sealed.slice(0, at) + other + sealed.slice(at + 1)), undefined, `character ${at}`);
  }
});

test('a header member that is not on the list refuses the sealed content', async () => {
  const reader = newP256();
  const header = { alg: 'ECDH-ES+A256KW', enc: 'A256GCM', cty: 'JWT', kid: thumbprint(publicHalf(reader)), jku: 'https://example.test' };
  const token = await new jose.CompactEncrypt(new TextEncoder().encode('x'))
    .setProtectedHeader(header)
    .encrypt(await jose.importJWK({ ...publicHalf(reader) }, 'ECDH-ES+A256KW'));
  assert.equal(unsealerFor(reader)(token), undefined);
});
