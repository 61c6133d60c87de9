import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startWatch, type WatchState } from '#core/machines/login-watch';
import { createAwake } from '../../../extension/watch/awake.ts';

const WATCHING: WatchState = {
  is: 'watching',
  workspace: 'https://workspace.example',
  navigation: 1,
  host: 'workspace.example',
  place: 'opening',
  seconds: 30,
  deadline: null,
  doubt: null,
};

test('B-E13 while a tab is watched the worker stays awake and the port is held, once; then neither', () => {
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
  tell(new Map([[1, startWatch().state]]));
  tell(new Map([[1, startWatch().state]]));
  assert.deepEqual(done, ['held', 'called', 'called', 'released', 'slept']);
});
