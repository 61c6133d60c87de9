import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readlink, rm } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { startSessionChild } from '../../../native-host/launch/session-child.ts';
import { isAlive } from '../../../native-host/process-mark.ts';
import { until } from '../../until.ts';
import { newHome } from '../device.ts';

let home: string;
before(async () => {
  home = await newHome();
});
after(() => rm(home, { recursive: true, force: true }));

/** A session process that works in its own folder, and when it has ended. */
async function started() {
  const ended = Promise.withResolvers<void>();
  const child = await startSessionChild(home, () => {}, ended.resolve);
  const pid = await until('the session process', async () => (await processesIn(child.folder))[0]);
  return { child, pid, ended: ended.promise };
}

async function processesIn(folder: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/u.test(name));
  const folders = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => '')));
  return pids.filter((_pid, index) => folders[index] === folder).map(Number);
}

test('a session process that no longer listens is ended by force, and leaves no file', async () => {
  const { child, pid, ended } = await started();
  process.kill(pid, 'SIGSTOP');
  try {
    await child.end();
    assert.equal(isAlive(pid), false);
    assert.equal(existsSync(child.folder), false);
    await ended;
  } finally {
    if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  }
});

test('a session process that has ended by itself leaves no file either', async () => {
  const { child, pid, ended } = await started();
  process.kill(pid, 'SIGKILL');
  await ended;
  await child.end();
  assert.equal(existsSync(child.folder), false);
});
