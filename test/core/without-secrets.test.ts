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
  test(`B-E8 of "${kept}" nothing more is logged`, () => assert.equal(withoutSecrets(text), kept));
}

test('codes, ids and host names stay', () => {
  const text = 'launch 01234567-89ab by ticket: 3006, host login.contoso.example';
  assert.equal(withoutSecrets(text), text);
});

// It took a quarter of a minute, and each such line as long again.
test('B-S5 a log line made of nothing but addresses is read once', { timeout: patience(5_000) }, () => {
  const text = 'https://'.repeat(LIMITS.nativeMessageBytes / 8);
  assert.equal(withoutSecrets(text), text);
});
