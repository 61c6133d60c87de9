import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TIMES } from '#protocol/limits';
import { newP256, publicHalf } from '#runtime/jose/sign';
import { neededLocationKeys } from '../../../core/trust/location-keys.ts';
import { NOW } from '../../vectors/world.ts';

const KEPT = TIMES.locationKeyKeptSeconds;
const keyFrom = (from: number) => {
  const privateKey = newP256();
  return { publicKey: publicHalf(privateKey), privateKey, from };
};

test('a location key is needed as long as leases that were sealed to it may be good, the newest always', () => {
  const [first, second, third] = [keyFrom(NOW - 3 * KEPT), keyFrom(NOW - KEPT), keyFrom(NOW - KEPT + 1)];
  const needed = (...keys: Parameters<typeof neededLocationKeys>[0]) => neededLocationKeys(keys, NOW).map(({ from }) => from);
  assert.deepEqual(needed(first), [first.from]);
  assert.deepEqual(needed(first, second), [second.from], 'replaced longer ago than any lease lasts');
  assert.deepEqual(needed(second, first, third), [third.from, second.from], 'newest first, whatever the order');
});
