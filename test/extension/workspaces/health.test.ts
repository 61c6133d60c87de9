import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { CompactSign, calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import type { Ed25519Jwk } from '#protocol/jose';
import {
  type HealthAnswer,
  type HealthTrust,
  type HealthVerdict,
  judgeHealth,
  statementKey,
} from '../../../extension/workspaces/health.ts';

const NOW = 1_800_000_000_000;

interface Signer {
  readonly jwk: Ed25519Jwk;
  sign(typ: string, payload: object): Promise<string>;
}
async function signer(): Promise<Signer> {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA');
  const { x } = await exportJWK(publicKey);
  const jwk: Ed25519Jwk = { kty: 'OKP', crv: 'Ed25519', x: x ?? '' };
  const kid = await calculateJwkThumbprint(jwk);
  const sign = (typ: string, payload: object) =>
    new CompactSign(Buffer.from(JSON.stringify(payload))).setProtectedHeader({ alg: 'EdDSA', typ, kid }).sign(privateKey);
  return { jwk, sign };
}

let ours: Signer;
let newer: Signer;
before(async () => {
  [ours, newer] = await Promise.all([signer(), signer()]);
});

const document = (now = NOW, state = 'up') => ({ iss: 'workspace', now, identity: { state, since: now }, version: 1 });
const got = (text: string, more: Partial<Extract<HealthAnswer, { got: 'answer' }>> = {}): HealthAnswer => ({
  got: 'answer',
  status: 200,
  ours: true,
  text,
  ...more,
});
const judge = (answer: HealthAnswer, trust: Partial<HealthTrust> = {}): Promise<HealthVerdict> =>
  judgeHealth(answer, { key: ours.jwk, lastSeen: 0, ...trust }, NOW, 5);
const cause = async (verdict: Promise<HealthVerdict>): Promise<string> => {
  const one = await verdict;
  return one.up ? `up, identity ${one.identity}` : one.cause;
};
const HEALTH = 'holdfast-health+jwt';

test('a document signed by the Workspace counts, and says how the identity provider is', async () => {
  assert.equal(await cause(judge(got(await ours.sign(HEALTH, document())))), 'up, identity up');
  assert.equal(await cause(judge(got(await ours.sign(HEALTH, document(NOW, 'down'))))), 'up, identity down');
  assert.equal(await cause(judge(got(await ours.sign(HEALTH, document()), { ours: false }))), 'up, identity up');
});

test('a document of an unknown key counts only with our marker', async () => {
  const text = await newer.sign(HEALTH, document());
  assert.equal(await cause(judge(got(text), { key: null })), 'up, identity up');
  assert.equal(await cause(judge(got(text))), 'up, identity up');
  assert.equal(await cause(judge(got(text, { ours: false }), { key: null })), 'not-ours');
});

test('an altered document, another kind of token, a page, a redirect and an error are no answer', async () => {
  const text = await ours.sign(HEALTH, document());
  const [head, , signature] = text.split('.');
  const other = Buffer.from(JSON.stringify(document(NOW, 'down'))).toString('base64url');
  assert.equal(await cause(judge(got(`${head}.${other}.${signature}`))), 'not-ours');
  assert.equal(await cause(judge(got(await ours.sign('holdfast-ticket+jwt', document())))), 'not-ours');
  assert.equal(await cause(judge(got('<title>Pay for this network</title>', { ours: false }))), 'not-ours');
  assert.equal(await cause(judge(got('', { status: 302, ours: false }))), 'not-ours');
  assert.equal(await cause(judge(got('', { status: 503 }))), 'server-error');
  assert.equal(await cause(judge({ got: 'nothing', cause: 'timeout' })), 'timeout');
});

test('each error of a server is one, and nothing else is', async () => {
  const text = await ours.sign(HEALTH, document());
  for (const status of [500, 503, 599]) assert.deepEqual(await judge(got(text, { status })), { up: false, cause: 'server-error', status });
  for (const status of [201, 302, 404, 499]) assert.deepEqual(await judge(got(text, { status })), { up: false, cause: 'not-ours' });
});

test('a clock may be five minutes wrong, either way, and no more', async () => {
  const five = 300_000;
  for (const now of [NOW - five, NOW + five])
    assert.equal(await cause(judge(got(await ours.sign(HEALTH, document(now))))), 'up, identity up');
  for (const now of [NOW - five - 1, NOW + five + 1])
    assert.equal(await cause(judge(got(await ours.sign(HEALTH, document(now))))), 'not-ours');
});

test('an old document is no answer, but a device with a wrong clock still recognises a newer one', async () => {
  const late = document(NOW - 3_600_000);
  assert.equal(await cause(judge(got(await ours.sign(HEALTH, late)))), 'not-ours');
  assert.equal(await cause(judge(got(await ours.sign(HEALTH, late)), { lastSeen: NOW - 3_700_000 })), 'up, identity up');
  assert.equal(await cause(judge(got(await ours.sign(HEALTH, late)), { lastSeen: late.now })), 'not-ours');
});

test('the key comes from a Workspace’s statement and from no other component’s', async () => {
  const payload = (role: string) => ({ role, id: 'one', keys: { tls: 'A'.repeat(43), sign: newer.jwk }, iat: 1, exp: 2 });
  assert.deepEqual(statementKey(await ours.sign('holdfast-statement+jwt', payload('workspace'))), newer.jwk);
  assert.equal(statementKey(await ours.sign('holdfast-statement+jwt', payload('broker'))), null);
  assert.equal(statementKey(undefined), null);
});
