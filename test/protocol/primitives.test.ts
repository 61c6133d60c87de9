import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import test from 'node:test';
import * as v from 'valibot';
import { Ed25519Jwk, JweHeader, JwsHeader, P256Jwk, TYP } from '#protocol/jose';
import { LIMITS } from '#protocol/limits';
import {
  Compact,
  CorrelationId,
  Digest,
  Host,
  Id,
  Name,
  Nonce,
  Origin,
  PinnedUrl,
  Port,
  ReturnAddress,
  RevocationToken,
  Seconds,
  Subject,
  WebAddress,
} from '#protocol/primitives';
import { DeviceRequest } from '#protocol/workspace-api';

const DIGEST = 'A'.repeat(43);

/** What each shape takes, and what it does not: the edges, and what somebody hostile would try. */
const SHAPES: readonly (readonly [name: string, schema: v.GenericSchema, good: readonly unknown[], bad: readonly unknown[]])[] = [
  ['Id', Id, ['a', 'zurich-1.a_b', '0', 'a'.repeat(63)], ['', '-a', '.', '..', '../x', 'a/b', 'A', 'a b', 'a\n', 'a'.repeat(64), 'ä', 1]],
  ['Name', Name, ['Zürich 😀', 'a'.repeat(200)], ['', 'a\nb', 'a\u0000', '\u007f', 'a'.repeat(201)]],
  ['Subject', Subject, ['a'.repeat(8), 'a'.repeat(128)], ['a'.repeat(7), 'a'.repeat(129), 'mara/../x', 'mara mara']],
  ['Digest', Digest, [DIGEST], ['A'.repeat(42), 'A'.repeat(44), `${'A'.repeat(42)}=`, `${'A'.repeat(42)}+`, `${'A'.repeat(42)}B`]],
  ['Nonce', Nonce, ['A'.repeat(22), 'A'.repeat(86)], ['A'.repeat(21), 'A'.repeat(87), `${'A'.repeat(22)}\n`]],
  ['CorrelationId', CorrelationId, ['7f3a91c2', '0'.repeat(36)], ['7f3a91c', '-7f3a91c2', '7F3A91C2', '0'.repeat(37), '7f3a91c2\n']],
  ['Compact', Compact, ['a.b.c', 'a..c', 'a.b.c.d.e'], ['a.b', 'a.b.c.d.e.f', 'a.b.c ', '.b.c', `a.${'b'.repeat(LIMITS.tokenBytes)}.c`]],
  ['RevocationToken', RevocationToken, ['a.b.c', `a.${'b'.repeat(LIMITS.tokenBytes)}.c`], ['a..c', 'a.b', 'a.b.c.d']],
  ['Seconds', Seconds, [0, 1_800_000_000], [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '1']],
  ['Host', Host, ['a.example', '127.0.0.1', '::1', 'fe80::1'], ['', '-oProxyCommand=x', 'a b', 'a/b', '[::1]', 'a@b', 'a'.repeat(254)]],
  ['Port', Port, [1, 65_535], [0, 65_536, 1.5, '443']],
  [
    'Origin',
    Origin,
    [
      'https://a.example',
      'https://a.example:8443',
      'http://workspace.localhost:7400',
      'http://localhost',
      'http://127.0.0.1:80',
      'http://[::1]:80',
    ],
    [
      'https://a.example/x',
      'http://a.example',
      'http://localhost.a.example',
      'http://127.0.0.1.a.example',
      'http://10.0.0.1',
      'https://user@a.example',
      'ftp://a.example',
      'https://',
      'https://a.example:123456',
      'javascript://a',
    ],
  ],
  [
    'WebAddress',
    WebAddress,
    [
      'https://a.example/x?y=z#w',
      'https://a.example',
      'http://identity.localhost:7401/auth',
      'https://sign_in/x',
      'https://[fd00::12]:8443/x',
    ],
    [
      'http://a.example/',
      'http://xlocalhost/',
      'http://localhost@a.example/',
      'http://127.1.a.example/',
      'javascript:alert(1)',
      '//a.example/',
      'https://a.example/ x',
    ],
  ],
  [
    'PinnedUrl',
    PinnedUrl,
    ['https://127.0.0.1:7402', 'https://broker.example', 'https://[::1]:7402', 'https://hf_broker:8443', 'https://[fd00::12]:8443'],
    ['http://127.0.0.1:7402', 'http://localhost:7402', 'https://broker.example/', 'https://a@b'],
  ],
  [
    'P256Jwk',
    P256Jwk,
    [{ kty: 'EC', crv: 'P-256', x: DIGEST, y: DIGEST }],
    [
      { kty: 'EC', crv: 'P-256', x: DIGEST, y: DIGEST, d: DIGEST },
      { kty: 'EC', crv: 'P-384', x: DIGEST, y: DIGEST },
    ],
  ],
];

for (const [name, schema, good, bad] of SHAPES) {
  test(`${name} takes what it should and nothing else`, () => {
    for (const value of good) assert.ok(v.is(schema, value), `${JSON.stringify(value)} is good`);
    for (const value of bad) assert.ok(!v.is(schema, value), `${JSON.stringify(value)} is not`);
  });
}

/** The same bytes for a decoder, with a bit set that no byte has. */
const strayBit = (text: string) => `${text.slice(0, -1)}${ALPHABET[ALPHABET.indexOf(text.slice(-1)) | 1]}`;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

test('a key whose coordinate is spelled with a stray bit is refused: it would be the same key as a second device', () => {
  const { x, y } = v.parse(P256Jwk, generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }));
  for (const twin of [
    { x: strayBit(x), y },
    { x, y: strayBit(y) },
  ]) {
    const jwk = { kty: 'EC', crv: 'P-256', ...twin } as const;
    assert.deepEqual(createPublicKey({ key: jwk, format: 'jwk' }).export({ format: 'jwk' }), { kty: 'EC', crv: 'P-256', x, y });
    assert.ok(!v.is(P256Jwk, jwk));
    assert.ok(!v.is(DeviceRequest, { sign: jwk, enc: { ...jwk, x, y }, hw: false, proof: 'a.b.c' }));
  }
  const okp = v.parse(Ed25519Jwk, generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }));
  assert.ok(!v.is(Ed25519Jwk, { ...okp, x: strayBit(okp.x) }));
});

test('a header member that is not on the list refuses the whole token', () => {
  const jws = { alg: 'EdDSA', typ: TYP.metadata, kid: DIGEST };
  const jwe = { alg: 'ECDH-ES+A256KW', enc: 'A256GCM', cty: 'JWT', kid: DIGEST, epk: { kty: 'EC', crv: 'P-256', x: DIGEST, y: DIGEST } };
  assert.ok(v.is(JwsHeader, jws));
  assert.ok(v.is(JweHeader, jwe));
  for (const member of ['crit', 'jku', 'x5u', 'x5c', 'jwk', 'zip', 'b64', 'apu', 'p2c']) {
    assert.ok(!v.is(JwsHeader, { ...jws, [member]: 'x' }), member);
    assert.ok(!v.is(JweHeader, { ...jwe, [member]: 'x' }), member);
  }
  for (const alg of ['none', 'HS256', 'RS256', 'eddsa']) assert.ok(!v.is(JwsHeader, { ...jws, alg }), alg);
  for (const alg of ['dir', 'ECDH-ES', 'RSA-OAEP', 'PBES2-HS256+A128KW']) assert.ok(!v.is(JweHeader, { ...jwe, alg }), alg);
});

test('an origin is what browsers say, however it was typed', () => {
  const typed = {
    'http://WS2.localhost:8491': 'http://ws2.localhost:8491',
    'https://Portal.Example.com:443': 'https://portal.example.com',
    'https://portal.example.com/': 'https://portal.example.com',
    'https://portal.example.com:8443': 'https://portal.example.com:8443',
    'http://localhost:80/': 'http://localhost',
    'http://[::1]:443': 'http://[::1]:443',
  };
  for (const [text, origin] of Object.entries(typed)) {
    assert.equal(v.parse(Origin, text), origin);
    assert.equal(new URL(text).origin, origin);
  }
});

test('the address that people return to is compared by its meaning in scheme, host and port', () => {
  const typed = 'https://Portal.Example.com:443/auth/callback';
  assert.equal(v.parse(ReturnAddress, typed), 'https://portal.example.com/auth/callback');
});
