import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutSecrets } from '#core/without-secrets';
import { LIMITS } from '#protocol/limits';
import { patience } from '../patience.ts';

const TOKEN = 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl';

const CASES = [
  [`got ${TOKEN} here`, 'got (token) here'],
  [`token: ${TOKEN}`, 'token: (token)'],
  [`a key ${'k'.repeat(43)}\nsecond line`, 'a key (key) second line'],
  ['to https://a.example/auth/callback?code=abc&state=d', 'to https://a.example/auth/callback'],
  ['cookie: sid=12345', 'cookie: (secret)'],
  ['{"password":"right","user":"anna"}', '{"password":(secret),"user":"anna"}'],
] as const;

for (const [text, kept] of CASES) {
  test(`of "${kept}" nothing more is logged`, () => assert.equal(withoutSecrets(text), kept));
}

test('codes, ids and host names stay', () => {
  const text = 'launch 01234567-89ab by ticket: 3006, host login.contoso.example';
  assert.equal(withoutSecrets(text), text);
});

// Each took a quarter of a minute and more, and each such line as long again.
const PIECES = ['https://', 'eyJ', '-eyJ', 'eyJa.', 'cookie', 'cookie: ', 'password="', '"d": ', '"', 'k', '-', '\n', ' ='];
for (const piece of PIECES) {
  test(`B-S5c a log line made of nothing but ${JSON.stringify(piece)} is read once`, () => {
    const deadline = performance.now() + patience(5_000);
    withoutSecrets(piece.repeat(LIMITS.nativeMessageBytes / piece.length));
    // The runner's own deadline is no help: it cannot come while a line is read.
    assert.ok(performance.now() < deadline);
  });
}
