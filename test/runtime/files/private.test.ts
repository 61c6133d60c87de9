import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { ensurePrivateFolder, readIfThere, writePrivateFile } from '#runtime/files/private';
import { refusedWith } from '../../refused-with.ts';
import { temporaryFolder } from '../../services/temporary-folder.ts';

const unsafe = refusedWith('unsafe_folder');
const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

test('a private folder is made for its owner alone, with all above it', async (t) => {
  const folder = join(await temporaryFolder(t), 'above', 'below');
  await ensurePrivateFolder(folder);
  assert.equal(await modeOf(folder), 0o700);
  assert.equal(await modeOf(join(folder, '..')), 0o700);
  await ensurePrivateFolder(folder);
});

test('a folder that others may enter and a link to one are refused', async (t) => {
  const root = await temporaryFolder(t);
  await mkdir(join(root, 'open'), { mode: 0o700 });
  await chmod(join(root, 'open'), 0o750);
  await symlink(root, join(root, 'link'));
  await assert.rejects(ensurePrivateFolder(join(root, 'open')), unsafe);
  await assert.rejects(ensurePrivateFolder(join(root, 'link')), unsafe);
});

test('a private file is its owner’s alone and replaced as a whole', async (t) => {
  const path = join(await temporaryFolder(t), 'secret');
  await writeFile(path, 'before', { mode: 0o644 });
  await writePrivateFile(path, 'after');
  assert.equal(await readFile(path, 'utf8'), 'after');
  assert.equal(await modeOf(path), 0o600);
});

test('a file that can’t be put in its place leaves no half of itself behind', async (t) => {
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, 'taken', 'inside'), { recursive: true });
  await assert.rejects(writePrivateFile(join(folder, 'taken'), 'x'));
  assert.deepEqual(await readdir(folder), ['taken']);
});

test('a file that is not there is no error, one that can’t be read is', async (t) => {
  const folder = await temporaryFolder(t);
  assert.equal(await readIfThere(join(folder, 'nothing')), undefined);
  await assert.rejects(readIfThere(folder));
});
