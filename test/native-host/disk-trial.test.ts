import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { tryDisk } from '../../native-host/disk-trial.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hf-disk-'));
});
after(() => rm(folder, { recursive: true }));

test('a disk with room is writable, and nothing of the trial stays', async () => {
  assert.equal(await tryDisk(folder), 'writable');
  assert.deepEqual(await readdir(join(folder, 'run')), []);
});

test('a home that no folder can be made in is unwritable', async () => {
  const file = join(folder, 'a-file');
  await writeFile(file, '');
  assert.equal(await tryDisk(file), 'unwritable');
});
