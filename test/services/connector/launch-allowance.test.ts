import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LAUNCHES_OF_ONE, launchAllowance } from '../../../services/connector/launch-allowance.ts';
import { refusedWith } from '../../refused-with.ts';

test('B-R6 one device, or one person, launches 30 times at once and then once a second; nobody else is refused for it', () => {
  const clock = { ms: 0 };
  const allow = launchAllowance(LAUNCHES_OF_ONE, () => clock.ms);
  const often = (one: string, times: number) => {
    for (let n = 0; n < times; n++) allow(one);
  };
  often('alice', 30);
  assert.throws(() => allow('alice'), refusedWith('too_many'));
  often('bob', 30);
  clock.ms += 999;
  assert.throws(() => allow('alice'), refusedWith('too_many'));
  clock.ms += 1;
  allow('alice');
  assert.throws(() => allow('alice'), refusedWith('too_many'));
  clock.ms += 30_000;
  often('alice', 30);
});

test('a refused launch costs nothing: who goes on asking is allowed as soon as who waits', () => {
  const clock = { ms: 0 };
  const allow = launchAllowance({ burst: 1, everyMs: 1_000 }, () => clock.ms);
  allow('alice');
  for (; clock.ms < 1_000; clock.ms += 100) assert.throws(() => allow('alice'), refusedWith('too_many'));
  allow('alice');
});

test('devices by the thousand are counted, and those whose bucket is full again are forgotten', () => {
  const clock = { ms: 0 };
  const allow = launchAllowance({ burst: 1, everyMs: 1_000 }, () => clock.ms);
  for (let n = 0; n < 19_999; n++) allow(`device ${n}`);
  clock.ms = 500;
  allow('alice');
  clock.ms = 1_000;
  allow('one more');
  assert.throws(() => allow('alice'), refusedWith('too_many'));
});
