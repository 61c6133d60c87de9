import assert from 'node:assert/strict';
import test from 'node:test';
import * as v from 'valibot';
import { canonicalName, GroupName, isSameName, PersonId, PersonName } from '#protocol/names';

const KELVIN = '\u212a';

test('every spelling of a name is that name', () => {
  for (const [a, b] of [
    ['Karl@corp.example', 'karl@CORP.example'],
    ['Zo\u00eb', 'Zoe\u0308'],
    ['ZO\u00cb', 'zoe\u0308'],
    ['  Domain   Users ', 'domain users'],
    ['/Staff', 'Staff'],
    ['/Sales/Zurich', 'sales/zurich'],
    ['Stra\u00dfe', 'STRA\u1e9eE'],
  ] as const)
    assert.ok(isSameName(a, b), `${a} ${b}`);
});

test('B-I8c what only looks like a name is no spelling of it, and none at all', () => {
  for (const alike of [
    `${KELVIN}arl`,
    '\uff4barl',
    'karl\u200b',
    'ka\u00adrl',
    'karl\ufe0f',
    '\u202ekarl',
    'kar\u2113',
    'karl\u00a0',
    'karl\u0000',
    'karl\ue000',
    'karl\ud800',
    '//karl',
    '/ karl',
  ]) {
    assert.equal(canonicalName(alike), undefined, JSON.stringify(alike));
    assert.equal(isSameName(alike, alike), false);
    assert.equal(v.is(PersonName, alike) || v.is(GroupName, alike), false);
  }
  for (const [a, b] of [
    ['karl', 'k\u0430rl'],
    ['/Other/Staff', 'Staff'],
    ['//Staff', 'Staff'],
    ['ss', '\u00df'],
    ['\u0131', 'i'],
    ['', ' '],
  ] as const)
    assert.equal(isSameName(a, b), false, `${a} ${b}`);
  assert.equal(canonicalName('a'.repeat(201)), undefined);
});

test('the one form of a name is its own form', () => {
  for (const name of ['Karl', '\u0130stanbul', 'ZOE\u0308', '\u039f\u03b4\u03cc\u03a3', '  a  b ']) {
    const once = canonicalName(name) ?? '';
    assert.equal(canonicalName(once), once);
  }
});

test('an id is compared byte by byte, and has no invisible characters', () => {
  for (const good of ['x-1', 'A b', '~'.repeat(255)]) assert.ok(v.is(PersonId, good));
  for (const bad of ['', 'a'.repeat(256), 'a\n', '\u00e9', 'a\u200b']) assert.equal(v.is(PersonId, bad), false, JSON.stringify(bad));
});

test('a name is as long as a name may be, and not longer', () => {
  assert.equal(canonicalName('a'.repeat(200)), 'a'.repeat(200));
  assert.equal(canonicalName('a'.repeat(201)), undefined);
});
