import assert from 'node:assert/strict';
import { chmod, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { nodeDisk, writeFlushed } from '#runtime/files/disk';
import { temporaryFolder } from '../../services/temporary-folder.ts';

test('what is not there is no error: a file, a folder, something to remove', async (t) => {
  const nothing = join(await temporaryFolder(t), 'nothing');
  assert.equal(await nodeDisk.read(nothing), undefined);
  assert.deepEqual(await nodeDisk.list(nothing), []);
  assert.equal(await nodeDisk.isPrivate(nothing), undefined);
  await nodeDisk.remove(nothing);
});

test('a written file is its owner’s alone, and one that others may read is told', async (t) => {
  const path = join(await temporaryFolder(t), 'file');
  await nodeDisk.write(path, 'text');
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.equal(await nodeDisk.isPrivate(path), true);
  await chmod(path, 0o640);
  assert.equal(await nodeDisk.isPrivate(path), false);
});

test('a second name does not take the place of what has it', async (t) => {
  const folder = await temporaryFolder(t);
  await nodeDisk.write(join(folder, 'new'), 'new');
  await nodeDisk.write(join(folder, 'taken'), 'old');
  await nodeDisk.link(join(folder, 'new'), join(folder, 'taken'));
  assert.equal(await readFile(join(folder, 'taken'), 'utf8'), 'old');
});

test('a file that must be new follows no link', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'other'), 'other');
  await symlink(join(folder, 'other'), join(folder, 'link'));
  await assert.rejects(writeFlushed(join(folder, 'link'), 'mine', 'wx'), { code: 'EEXIST' });
  assert.equal(await readFile(join(folder, 'other'), 'utf8'), 'other');
});
