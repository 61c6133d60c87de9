import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openChallenges } from '../../native-host/challenges.ts';

const WORKSPACE = 'https://workspace.contoso.example';

function started() {
  const clock = { ms: 0 };
  return { clock, ...openChallenges(() => clock.ms) };
}

test('a challenge counts once, for the Workspace that it was given for', () => {
  const { give, take } = started();
  const challenge = give(WORKSPACE);
  assert.equal(take(WORKSPACE, challenge), true);
  assert.equal(take(WORKSPACE, challenge), false, 'it was used');
  const other = give(WORKSPACE);
  assert.equal(take('https://other.test', other), false);
  assert.equal(take(WORKSPACE, other), false, 'asked for by another, it is used as well');
  assert.equal(take(WORKSPACE, 'c'.repeat(22)), false, 'nobody gave it');
});

test('a challenge counts for a minute', () => {
  const { clock, give, take } = started();
  const [first, second] = [give(WORKSPACE), give(WORKSPACE)];
  clock.ms = 60_000;
  assert.equal(take(WORKSPACE, first), true);
  clock.ms = 60_001;
  assert.equal(take(WORKSPACE, second), false);
});

test('thirty-two challenges are open at most: the oldest makes room', () => {
  const { give, take } = started();
  const [oldest = '', ...others] = Array.from({ length: 33 }, () => give(WORKSPACE));
  assert.equal(take(WORKSPACE, oldest), false);
  assert.deepEqual(new Set(others.map((challenge) => take(WORKSPACE, challenge))), new Set([true]));
});
