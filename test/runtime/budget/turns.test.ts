import assert from 'node:assert/strict';
import { test } from 'node:test';
import { turnsFor } from '../../../runtime/budget/turns.ts';

function started(eachRound: number, waitingPerSource: number) {
  const rounds: (() => void)[] = [];
  const clock = { ms: 0 };
  const turns = turnsFor(
    { eachRound, waitingPerSource },
    (run) => void rounds.push(run),
    () => clock.ms,
  );
  const done: string[] = [];
  return {
    clock,
    done,
    newcomer: () => turns.newcomer(),
    take: (name: string) => turns.take(name.split('-', 1)[0] ?? '', () => void done.push(name)),
    /** the work of the next round */
    round() {
      done.length = 0;
      rounds.shift()?.();
      return [...done];
    },
  };
}

test('B-S1c whoever asks little waits one round, however much another has sent', () => {
  const { done, take, round } = started(2, 100);
  for (let n = 1; n <= 50; n++) take(`flood-${n}`);
  assert.deepEqual(done, ['flood-1', 'flood-2']);
  take('office-1');
  assert.deepEqual(round(), ['flood-3', 'office-1']);
  assert.deepEqual(round(), ['flood-4', 'flood-5']);
});

test('one source has a limit to what waits, and what was refused is not done', () => {
  const { take, round } = started(1, 2);
  assert.deepEqual([take('flood-1'), take('flood-2'), take('flood-3'), take('flood-4'), take('office-1')], [true, true, true, false, true]);
  assert.deepEqual([...round(), ...round(), ...round(), ...round()], ['flood-2', 'office-1', 'flood-3']);
});

test('where nobody else waits, work is done at once, round for round', () => {
  const { done, take, round } = started(1, 2);
  take('a-1');
  assert.deepEqual(done, ['a-1']);
  assert.deepEqual(round(), []);
  take('a-2');
  assert.deepEqual(done, ['a-2']);
});

test('B-S1a work waits while connections are accepted, one in each round, for 5 ms', () => {
  const { clock, done, newcomer, take, round } = started(1, 100);
  for (let n = 1; n <= 4; n++) take(`flood-${n}`);
  assert.deepEqual(done, ['flood-1']);
  for (; clock.ms < 5; clock.ms += 1) {
    newcomer();
    assert.deepEqual(round(), []);
  }
  newcomer();
  assert.deepEqual(round(), ['flood-2'], 'however many still come');
  newcomer();
  assert.deepEqual(round(), []);
  assert.deepEqual(round(), ['flood-3'], 'nobody came in that round');
});
