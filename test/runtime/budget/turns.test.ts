import assert from 'node:assert/strict';
import { test } from 'node:test';
import { turnsFor } from '../../../runtime/budget/turns.ts';

function started(eachRound: number, waitingPerSource: number) {
  const rounds: (() => void)[] = [];
  const turns = turnsFor({ eachRound, waitingPerSource }, (run) => void rounds.push(run));
  const done: string[] = [];
  return {
    done,
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
