import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { cleanUpAfterKilled, openDataDir, ownIdentity, readRun, writeRun } from '../../../cli/up/data-dir.ts';
import { identify } from '../../../cli/up/process-identity.ts';
import { refusedWith } from '../../refused-with.ts';

function folder(t: TestContext): string {
  const made = mkdtempSync(join(tmpdir(), 'hf-data-'));
  t.after(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

test('the data folder is made owner-only', async (t) => {
  const dir = await openDataDir(join(folder(t), 'new'));
  assert.equal(statSync(dir.path).mode & 0o777, 0o700);
  assert.equal(statSync(dir.folder('a', 'b')).mode & 0o777, 0o700);
});

test('a folder that others may enter, a file, and a path that cannot be are refused in words', async (t) => {
  const open = folder(t);
  chmodSync(open, 0o755);
  const file = join(folder(t), 'file');
  writeFileSync(file, '');
  for (const path of [open, file, join(file, 'below')]) await assert.rejects(openDataDir(path), refusedWith('unsafe_folder'));
});

test('the control socket has a path short enough for a socket, however deep the folder', async (t) => {
  const dir = await openDataDir(join(folder(t), 'x'.repeat(120)));
  assert.ok(Buffer.byteLength(dir.control) <= 100);
  assert.equal(statSync(dir.sockets).mode & 0o077, 0);
});

test('an up that still runs there is not disturbed', async (t) => {
  const dir = await openDataDir(folder(t));
  writeRun(dir, { up: ownIdentity(), control: dir.control, portBase: 7_400, processes: [], accounts: [] });
  assert.throws(() => cleanUpAfterKilled(dir), refusedWith('conflict'));
});

test('whoever is reading the record meanwhile reads the former one to its end', async (t) => {
  const dir = await openDataDir(folder(t));
  const record = { up: ownIdentity(), control: dir.control, portBase: 7_400, processes: [], accounts: [] };
  writeRun(dir, record);
  const reading = openSync(dir.file('run.json'), 'r');
  t.after(() => closeSync(reading));
  writeRun(dir, { ...record, portBase: 7_500 });
  assert.equal(JSON.parse(readFileSync(reading, 'utf8')).portBase, 7_400);
  assert.equal(readRun(dir.path)?.portBase, 7_500);
});

test('what a killed up left behind is ended, and only that', async (t) => {
  const dir = await openDataDir(folder(t));
  const [left, foreign] = [spawn('sleep', ['600']), spawn('sleep', ['600'])];
  t.after(() => foreign.kill('SIGKILL'));
  const leftIdentity = identify(left.pid ?? 0);
  const foreignIdentity = identify(foreign.pid ?? 0);
  assert.ok(leftIdentity && foreignIdentity);
  writeRun(dir, {
    up: { pid: process.pid, startTime: 'of another process' },
    control: dir.control,
    portBase: 7_400,
    // The second number was used again since: its start time is another.
    processes: [leftIdentity, { pid: foreignIdentity.pid, startTime: 'earlier' }],
    accounts: ['holdfast-7400-alice'],
  });
  const gone = once(left, 'exit');
  assert.deepEqual(cleanUpAfterKilled(dir), ['holdfast-7400-alice']);
  await gone;
  assert.equal(foreign.exitCode, null);
  assert.equal(readRun(dir.path), undefined);
});
