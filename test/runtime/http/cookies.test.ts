import assert from 'node:assert/strict';
import test from 'node:test';
import { openCookies } from '#runtime/http/cookies';

test('a cookie is read by its whole name, and what is no pair is passed over', () => {
  const { read } = openCookies(false);
  assert.equal(read('a=1; holdfast-x=2; holdfast=3', 'holdfast'), '3');
  assert.equal(read('holdfast; xholdfast=1', 'holdfast'), undefined);
  assert.equal(read(undefined, 'holdfast'), undefined);
});

test('behind TLS every cookie is one that only this host can have set, and no other is read', () => {
  const { set, remove, read, namesOf } = openCookies(true);
  assert.equal(set('flow-1', 'x', 60), '__Host-flow-1=x; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=60');
  assert.equal(remove('flow-1'), '__Host-flow-1=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0');
  const header = 'flow-1=planted; __Host-flow-1=ours; __Host-flow-2=ours; __Host-other=1';
  assert.equal(read(header, 'flow-1'), 'ours');
  assert.deepEqual(namesOf(header, 'flow-'), ['flow-1', 'flow-2']);
});
