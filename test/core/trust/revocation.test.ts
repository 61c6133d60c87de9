import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TYP } from '#protocol/jose';
import type { RevocationPolicy } from '#protocol/lease';
import { LIMITS } from '#protocol/limits';
import type { Revocation, RevocationList } from '#protocol/trust';
import {
  type Bearer,
  findRevocation,
  isKeyRevoked,
  judgeBearer,
  judgeFreshness,
  judgeRevocationList,
  keepsAll,
} from '../../../core/trust/revocation.ts';
import { nodeCrypto, sha256 } from '../../../runtime/jose/primitives.ts';
import { DAY, NOW, newWorld } from '../../vectors/world.ts';
import { outcomeOf } from '../outcome.ts';

const block = (target: Revocation['target'], change: Partial<Revocation> = {}): Revocation => ({
  target,
  from: NOW,
  until: NOW + DAY,
  forget: NOW + 31 * DAY,
  ...change,
});
const listOf = (entries: readonly Revocation[], change: Partial<RevocationList> = {}): RevocationList => ({
  version: 1,
  iat: NOW - 60,
  entries: [...entries],
  ...change,
});
const JKT = sha256('device');
const bearer: Bearer = {
  subject: 'mara-0123456789',
  groups: ['Staff'],
  jkt: JKT,
  lease: 'a'.repeat(22),
  authorizedAt: NOW - DAY,
};
const USER = block({ kind: 'user', subject: 'mara-0123456789' });
const isRefused = (entry: Revocation, whom: Bearer = bearer, now = NOW, list = listOf([entry])) =>
  findRevocation(list, whom, now) === entry;

describe('a block', () => {
  const TARGETS: readonly (readonly [what: string, target: Revocation['target'], refused: boolean])[] = [
    ['of the person', { kind: 'user', subject: 'mara-0123456789' }, true],
    ['of somebody else', { kind: 'user', subject: 'john-0123456789' }, false],
    ['of a group of theirs', { kind: 'group', group: 'Staff' }, true],
    ['of a group of theirs, spelled otherwise', { kind: 'group', group: '/staff' }, true],
    ['of another group', { kind: 'group', group: 'Finance' }, false],
    ['of the device', { kind: 'device', jkt: JKT }, true],
    ['of another device', { kind: 'device', jkt: sha256('other') }, false],
    ['of the lease', { kind: 'lease', lease: 'a'.repeat(22) }, true],
    ['of another lease', { kind: 'lease', lease: 'b'.repeat(22) }, false],
    ['of a component’s key, whatever its name', { kind: 'key', kid: JKT }, false],
  ];
  for (const [what, target, refused] of TARGETS) {
    test(`${what} ${refused ? 'refuses' : 'admits'}`, () => assert.equal(isRefused(block(target)), refused));
  }

  test('of any group refuses whom nobody knows the groups of, and not whose groups a gateway can’t see', () => {
    const group = block({ kind: 'group', group: 'Finance' });
    assert.equal(isRefused(group, { ...bearer, groups: 'unknown' }), true);
    const { groups: _, ...seenByGateway } = bearer;
    assert.equal(isRefused(group, seenByGateway), false);
  });

  test('begins in its first second, and before that when it had begun by the clock that signed the list', () => {
    const at = (now: number, iat: number) => isRefused(USER, bearer, now, listOf([USER], { iat }));
    assert.deepEqual([at(NOW - 1, NOW - 60), at(NOW, NOW - 60), at(NOW - 60, NOW - 1), at(NOW - 60, NOW)], [false, true, false, true]);
  });

  test('refuses for good what was issued up to its last second, and nothing that was issued at its end', () => {
    const of = (authorizedAt: number) => isRefused(USER, { ...bearer, authorizedAt }, NOW + 2 * DAY);
    assert.deepEqual([of(NOW + DAY - 1), of(NOW + DAY)], [true, false]);
  });

  test('is found behind others', () => {
    const list = listOf([block({ kind: 'lease', lease: 'b'.repeat(22) }), USER]);
    assert.equal(findRevocation(list, bearer, NOW), USER);
  });
});

test('a bearer is admitted, or refused for good by a block, or for now where there is no list', () => {
  assert.equal(outcomeOf(judgeBearer(listOf([]), bearer, NOW)), 'good');
  assert.deepEqual(judgeBearer(listOf([USER]), bearer, NOW), { ok: false, why: 3022, more: { reason: 'blocked' } });
  assert.deepEqual(judgeBearer(undefined, bearer, NOW), { ok: false, why: 3020, more: { reason: 'no-list' }, passing: true });
});

test('a component’s key is revoked by an entry of that key that has begun, for good', () => {
  const list = listOf([USER, block({ kind: 'key', kid: sha256('key') }, { until: NOW + 1 })]);
  const at = (kid: string, now: number, held: RevocationList | undefined = list) => isKeyRevoked(held, kid, now);
  assert.deepEqual([at(sha256('key'), NOW), at(sha256('key'), NOW + 2 * DAY), at(sha256('key'), NOW - 1)], [true, true, false]);
  assert.equal(at(sha256('other'), NOW), false);
  assert.equal(isKeyRevoked(undefined, sha256('key'), NOW), false);
});

describe('a newer list keeps all that is still needed', () => {
  const other = block({ kind: 'group', group: 'Sales' });
  const held = listOf([USER, other]);
  const late = USER.forget + 1;
  const CASES: readonly (readonly [what: string, heard: RevocationList, keeps: boolean, now?: number])[] = [
    ['with the same entries', listOf([other, USER]), true],
    ['with more', listOf([USER, other, block({ kind: 'group', group: 'Finance' })]), true],
    ['without one', listOf([USER]), false],
    ['with another end of one', listOf([USER, { ...other, until: other.until - 1 }]), false],
    ['with one taken away', listOf([USER], { removed: [other] }), true],
    ['of the last second in which they are needed', listOf([], { iat: USER.forget }), false, late],
    ['of the second after that', listOf([], { iat: late }), true, late],
    ['of that second by a clock that is ahead of ours', listOf([], { iat: late }), false, USER.forget],
    ['of a time when they were needed, although they are not by our clock', listOf([], { iat: USER.forget }), false, late + DAY],
  ];
  for (const [what, heard, keeps, now = NOW] of CASES)
    test(`${what}: ${keeps ? 'yes' : 'no'}`, () => assert.equal(keepsAll(heard, held, now), keeps));
});

describe('a list is fresh enough', () => {
  const STRICT: RevocationPolicy = { mode: 'strict', maxStaleSeconds: 7 * DAY };
  const BEST_EFFORT: RevocationPolicy = { mode: 'best-effort', maxStaleSeconds: 2 * DAY };
  const of = (age: number, policy: RevocationPolicy) => outcomeOf(judgeFreshness(listOf([], { iat: NOW - age }), policy, NOW));

  test('B-G5b for a strict lease up to five minutes, behind and ahead', () => {
    assert.deepEqual(
      [300, -300].map((age) => of(age, STRICT)),
      ['good', 'good'],
    );
    assert.deepEqual(
      [301, -301].map((age) => of(age, STRICT)),
      ['stale', 'stale'],
    );
  });

  test('B-G5b for any other lease up to what it says itself, behind and ahead', () => {
    assert.deepEqual(
      [2 * DAY, -2 * DAY].map((age) => of(age, BEST_EFFORT)),
      ['good', 'good'],
    );
    assert.deepEqual(
      [2 * DAY + 1, -2 * DAY - 1].map((age) => of(age, BEST_EFFORT)),
      ['stale', 'stale'],
    );
  });

  test('never where there is none, and a stale one says its age', () => {
    assert.deepEqual(judgeFreshness(undefined, BEST_EFFORT, NOW), { ok: false, why: 'no-list' });
    const stale = judgeFreshness(listOf([], { iat: NOW - 400 }), STRICT, NOW);
    assert.deepEqual(stale, { ok: false, why: 'stale', more: { age: 400 } });
    const ahead = judgeFreshness(listOf([], { iat: NOW + 400 }), STRICT, NOW);
    assert.deepEqual(ahead, { ok: false, why: 'stale', more: { age: -400 } });
  });
});

test('a list longer than any list may be is not read', () => {
  const world = newWorld();
  const token = (length: number) => `${'A'.repeat(length - 4)}.A.A`;
  assert.equal(outcomeOf(judgeRevocationList(nodeCrypto, world.bundle, token(LIMITS.revocationListBytes + 1))), 'too-large');
  assert.equal(outcomeOf(judgeRevocationList(nodeCrypto, world.bundle, token(LIMITS.revocationListBytes))), 'header');
  assert.equal(outcomeOf(judgeRevocationList(nodeCrypto, world.bundle, world.listToken([USER], 7))), 'good');
  assert.equal(outcomeOf(judgeRevocationList(nodeCrypto, world.bundle, world.issuer.sign(TYP.revocations, listOf([])))), 'unknown-key');
});
