import assert from 'node:assert/strict';
import { chmod, chown, open, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { nodeDisk, writeFlushed } from '#runtime/files/disk';
import { temporaryFolder } from '../../services/temporary-folder.ts';

const NOBODY = 65_534;
/** Only root can give a file away. */
const asRoot = { skip: process.getuid?.() === 0 ? false : 'not root' };

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

test('a file of another user is not private, whatever its mode', asRoot, async (t) => {
  const path = join(await temporaryFolder(t), 'file');
  await nodeDisk.write(path, 'text');
  await chown(path, NOBODY, NOBODY);
  assert.equal(await nodeDisk.isPrivate(path), false);
});

test('what is written is on the disk before anybody is told of it', async (t) => {
  const folder = await temporaryFolder(t);
  const done = await doneToFiles(t, folder);
  await nodeDisk.write(join(folder, 'file'), 'text');
  assert.deepEqual(done, ['writeFile', 'sync']);
});

test('the names in a folder are on the disk once it is flushed', async (t) => {
  const folder = await temporaryFolder(t);
  const done = await doneToFiles(t, folder);
  await nodeDisk.flushFolder(folder);
  assert.deepEqual(done, ['sync']);
});

/** What has been done to open files and folders, in its order. */
async function doneToFiles(t: TestContext, folder: string): Promise<readonly string[]> {
  const done: string[] = [];
  const opened = await open(folder, 'r');
  const handles: Record<string, () => Promise<void>> = Object.getPrototypeOf(opened);
  await opened.close();
  for (const method of ['writeFile', 'sync'] as const) {
    const really = handles[method] ?? assert.fail(method);
    t.mock.method(handles, method, async function (this: unknown, ...given: unknown[]) {
      await Reflect.apply(really, this, given);
      done.push(method);
    });
  }
  return done;
}
