import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TIMES } from '#protocol/limits';
import type { Revocation } from '#protocol/trust';
import { newestStatements } from '../../../core/trust/directory.ts';
import { nodeCrypto } from '../../../runtime/jose/primitives.ts';
import { componentSigner, newEd25519 } from '../../../runtime/jose/sign.ts';
import { DAY, NOW, newWorld, stateThat } from '../../vectors/world.ts';

const world = newWorld();
const signer = componentSigner(newEd25519());
const gateway = (iat: number, exp?: number) =>
  stateThat(world.trustRole, { role: 'gateway', id: 'gateway-1', sign: signer.publicKey, iat, ...(exp !== undefined && { exp }) });
const withdrawn = (change: Partial<Revocation> = {}, iat = NOW - 30) =>
  world.trustWith([{ target: { kind: 'key', kid: signer.kid }, from: NOW, until: NOW + 1, forget: NOW + 60 * DAY, ...change }], iat);
const newest = (held: readonly string[], heard: readonly string[], trust = world.trustWith(), now = NOW) =>
  newestStatements(nodeCrypto, trust, held, heard, now);

const [old, young] = [gateway(NOW - 2 * DAY), gateway(NOW - DAY)];
const broker = world.component('broker', 'broker-1').statement;
const second = world.component('gateway', 'gateway-2').statement;

test('of each key the newest statement counts, whether it was heard now or before', () => {
  assert.deepEqual(newest([old], [young]), [young]);
  assert.deepEqual(newest([young], [old]), [young]);
  assert.deepEqual(newest([], [young, old]), [young]);
});

test('of two statements of one second the one heard later counts', () => {
  const [one, other] = [gateway(NOW - DAY), gateway(NOW - DAY, NOW + DAY)];
  assert.deepEqual(newest([one], [other]), [other]);
  assert.deepEqual(newest([other], [one]), [one]);
});

test('an answer that lacks one takes nothing away, and what is heard again changes nothing', () => {
  assert.deepEqual(newest([young, broker], []), [broker, young]);
  assert.deepEqual(newest([young], [young]), [young]);
});

test('a replaced key stays beside its successor, and all stand in the order of their names', () => {
  const replaced = world.component('broker', 'broker-1').statement;
  assert.deepEqual(newest([second, young], [broker, replaced]).length, 4);
  const connector = world.component('connector', 'zurich-1', 'zurich').statement;
  for (const held of [
    [second, young, connector],
    [connector, young, second],
    [young, connector, second],
  ])
    assert.deepEqual(newest(held, [broker]), [broker, connector, young, second]);
});

test('what does not verify now is not learned, and what is no statement is dropped', () => {
  assert.deepEqual(newest([young], [newWorld().component('gateway', 'gateway-3').statement]), [young]);
  assert.deepEqual(newest([], [gateway(NOW - 61 * DAY)]), []);
  assert.deepEqual(newest(['nonsense', young], ['nonsense']), [young]);
});

test('a statement ends by itself, with the skew of two clocks', () => {
  const end = NOW + 30 * DAY;
  const ending = gateway(NOW - DAY, end);
  assert.deepEqual(newest([ending], [], world.trustWith(), end + TIMES.leaseSkewSeconds), [ending]);
  assert.deepEqual(newest([ending], [], world.trustWith(), end + TIMES.leaseSkewSeconds + 1), []);
});

test('a withdrawn key goes once its entry has begun, by our clock or by the one that signed the list', () => {
  assert.deepEqual(newest([young], [], withdrawn()), []);
  assert.deepEqual(newest([young], [], withdrawn({ from: NOW + 1 })), [young]);
  assert.deepEqual(newest([young], [], withdrawn({ from: NOW + 60 }, NOW + 60)), []);
  assert.deepEqual(newest([young], [], withdrawn({ target: { kind: 'user', subject: 'mara-0123456789' } })), [young]);
  const { list: _, ...listless } = withdrawn();
  assert.deepEqual(newest([young], [], listless), [young]);
});

test('what is held is not verified again when it is heard again', () => {
  const never: typeof nodeCrypto = { ...nodeCrypto, verify: () => assert.fail('verified again') };
  assert.deepEqual(newestStatements(never, world.trustWith(), [young], [young], NOW), [young]);
});
