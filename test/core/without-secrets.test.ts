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

// A pattern that starts again at each place takes minutes here: one that did so took a quarter of a minute for the addresses.
test('B-S5c a log line of nothing but what a secret may begin with is read once, whatever that is', { timeout: patience(5_000) }, () => {
  for (const begins of ['https://', 'eyJ', 'eyJa.', 'cookie', 'cookie: ', '"d":', '"', 'k', '-', '\n', ' =']) {
    const text = begins.repeat(LIMITS.nativeMessageBytes / begins.length);
    assert.ok(withoutSecrets(text).length <= 2 * text.length, begins);
  }
});
