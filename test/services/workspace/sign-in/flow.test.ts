import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { FLOW_MS, type Flow, flowCookieName, packFlow, safeNext, unpackFlow } from '../../../../services/workspace/sign-in/flow.ts';

const NOW = 1_800_000_000_000;
const KEY = randomBytes(32).toString('base64url');
const FLOW: Flow = {
  state: 's'.repeat(43),
  nonce: 'nonce',
  verifier: 'verifier',
  next: '/apps',
  askedAgain: false,
  retried: false,
  until: NOW + FLOW_MS,
};
const packed = packFlow(FLOW, KEY);
const at = (now: number, text: string | undefined = packed, key = KEY, state = FLOW.state) => unpackFlow(text, key, state, now);

test('a sign-in that was begun may be finished for fifteen minutes, and not after that', () => {
  assert.deepEqual(at(NOW), FLOW);
  assert.deepEqual(at(NOW + 15 * 60_000), FLOW);
  assert.equal(at(NOW + 15 * 60_000 + 1), undefined);
});

test('a sign-in is finished by what we packed for it, and nothing else', () => {
  const [payload = '', signature = ''] = packed.split('.');
  const forged = Buffer.from(JSON.stringify({ ...FLOW, next: '/elsewhere' })).toString('base64url');
  for (const text of [undefined, '', payload, `${payload}.`, `${forged}.${signature}`, `${payload}.${signature.slice(0, -1)}`])
    assert.equal(unpackFlow(text, KEY, FLOW.state, NOW), undefined, text);
  assert.equal(at(NOW, packed, randomBytes(32).toString('base64url')), undefined, 'another Workspace’s key');
  assert.equal(at(NOW, packed, KEY, 't'.repeat(43)), undefined, 'another tab’s state');
});

test('two tabs have two cookies', () => {
  assert.equal(flowCookieName('a'.repeat(43)), `holdfast-sign-in-${'a'.repeat(16)}`);
  assert.notEqual(flowCookieName('a'.repeat(43)), flowCookieName('b'.repeat(43)));
});

test('after a sign-in nobody is led to another origin', () => {
  for (const next of ['/', '/apps?search=a%20b#top', `/${'a'.repeat(499)}`]) assert.equal(safeNext(next), next);
  const FOREIGN = ['//evil.example', '/\\evil.example', 'https://evil.example', 'evil', '', '/a b', '/\nx', '/ü', `/${'a'.repeat(500)}`];
  for (const next of [...FOREIGN, undefined, 7, ['/']]) assert.equal(safeNext(next), '/', String(next));
});
