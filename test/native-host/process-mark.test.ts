import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { ownMark, standingOf, surroundings } from '../../native-host/process-mark.ts';

test('a process is known by id, start, boot, machine and namespace together', async () => {
  const [mark, here] = await Promise.all([ownMark(), surroundings()]);
  assert.equal(await standingOf(mark, here), 'alive');
  assert.equal(await standingOf({ ...mark, started: `${mark.started}0` }, here), 'gone', 'another process has its id now');
  assert.equal(await standingOf({ ...mark, boot: 'an earlier one' }, here), 'gone', 'the machine has started anew');
  assert.equal(await standingOf({ ...mark, host: 'another-machine' }, here), 'elsewhere');
  assert.equal(await standingOf({ ...mark, host: 'another-machine', boot: 'another' }, here), 'elsewhere');
  assert.equal(await standingOf({ ...mark, space: 'pid:[1]' }, here), 'elsewhere', 'a container on this machine');
});

test('an ended process is gone', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  assert.equal(await standingOf({ ...(await ownMark()), pid: child.pid ?? 0 }, await surroundings()), 'gone');
});
