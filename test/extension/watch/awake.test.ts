import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startWatch } from '#core/machines/login-watch';
import type { Watching } from '#core/machines/login-watch-states';
import { createAwake } from '../../../extension/watch/awake.ts';

const WATCHING: Watching = {
  is: 'watching',
  workspace: 'https://workspace.example',
  navigation: 1,
  host: 'workspace.example',
  place: 'opening',
  seconds: 30,
  deadline: 30_000,
  saved: 'unknown',
  overdue: false,
  doubt: null,
};

test('while a tab’s deadline runs the worker stays awake and the port is held, once; then neither', () => {
  const done: string[] = [];
  let again = (): void => assert.fail('nothing waits yet');
  const tell = createAwake({
    clock: {
      now: () => 0,
      after(_ms, call) {
        again = call;
        return () => done.push('slept');
      },
    },
    hold() {
      done.push('held');
      return () => done.push('released');
    },
    stayAwake: () => done.push('called'),
  });
  tell(new Map([[1, WATCHING]]));
  tell(new Map([[1, WATCHING]]));
  assert.deepEqual(done, ['held', 'called']);
  again();
  assert.deepEqual(done, ['held', 'called', 'called']);
  tell(new Map([[1, { ...WATCHING, deadline: null }]]));
  tell(new Map([[1, startWatch().state]]));
  assert.deepEqual(done, ['held', 'called', 'called', 'released', 'slept']);
});
