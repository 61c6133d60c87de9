import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceKey, sourceOf } from '../../../runtime/budget/source.ts';

test('B-S1f an IPv6 network counts as one source however its addresses are abbreviated, a mapped IPv4 address as itself', () => {
  assert.equal(sourceKey('2001:db8:1:2:aaaa::1'), sourceKey('2001:db8:1:2:bbbb::9'));
  assert.notEqual(sourceKey('2001:db8:1:2::1'), sourceKey('2001:db8:1:3::1'));
  assert.equal(sourceKey('2001:db8::1'), sourceKey('2001:db8::2'));
  assert.equal(sourceKey('2001:db8::1'), sourceKey('2001:0db8:0:0:ffff::1'));
  assert.equal(sourceKey('fe80::1%eth0'), sourceKey('fe80::2'));
  assert.equal(sourceKey('::ffff:192.0.2.1'), '192.0.2.1');
});

test('a connection that is gone has a source, too', () => {
  assert.equal(sourceOf({ remoteAddress: undefined }), '');
});
