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

test('another machine of the same name is another machine', async () => {
  const here = { ...(await surroundings()), computer: 'ours' };
  const mark = { ...(await ownMark()), computer: 'ours' };
  assert.equal(await standingOf(mark, here), 'alive');
  assert.equal(await standingOf({ ...mark, computer: 'theirs', boot: 'theirs' }, here), 'elsewhere');
  assert.equal(await standingOf({ ...mark, computer: 'theirs' }, here), 'elsewhere');
});

test('a mark that does not say its machine is judged by the name: one of an earlier version, or where the system tells none', async () => {
  const here = { ...(await surroundings()), computer: 'ours' };
  const { computer: _, ...earlier } = await ownMark();
  assert.equal(await standingOf(earlier, here), 'alive');
  assert.equal(await standingOf({ ...earlier, boot: 'an earlier one' }, here), 'gone');
  assert.equal(await standingOf({ ...earlier, computer: '' }, here), 'alive');
  assert.equal(await standingOf({ ...earlier, computer: 'theirs' }, { ...here, computer: '' }), 'alive');
});

test('an ended process is gone', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  assert.equal(await standingOf({ ...(await ownMark()), pid: child.pid ?? 0 }, await surroundings()), 'gone');
});
