import assert from 'node:assert/strict';
import { chmod, chown, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { HoldfastError } from '#protocol/errors';
import { ensurePrivateFolder, readIfThere, writePrivateFile } from '#runtime/files/private';
import { refusedWith } from '../../refused-with.ts';
import { temporaryFolder } from '../../services/temporary-folder.ts';

const NOBODY = 65_534;
/** Only root can give a folder away. */
const asRoot = { skip: process.getuid?.() === 0 ? false : 'not root' };
const unsafe = refusedWith('unsafe_folder');
const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

test('a private folder is made for its owner alone, with all above it', async (t) => {
  const folder = join(await temporaryFolder(t), 'above', 'below');
  await ensurePrivateFolder(folder);
  assert.equal(await modeOf(folder), 0o700);
  assert.equal(await modeOf(join(folder, '..')), 0o700);
  await ensurePrivateFolder(folder);
});

test('a folder that others may enter, read or write and a link to one are refused', async (t) => {
  const root = await temporaryFolder(t);
  await mkdir(join(root, 'open'), { mode: 0o700 });
  await symlink(root, join(root, 'link'));
  for (const mode of [0o710, 0o720, 0o740, 0o701, 0o702, 0o704]) {
    await chmod(join(root, 'open'), mode);
    await assert.rejects(
      ensurePrivateFolder(join(root, 'open')),
      (thrown) => unsafe(thrown) && thrown instanceof HoldfastError && thrown.params['mode'] === mode.toString(8),
      mode.toString(8),
    );
  }
  await assert.rejects(ensurePrivateFolder(join(root, 'link')), unsafe);
});

test('a folder of another user is refused, closed to others as it may be', asRoot, async (t) => {
  const folder = join(await temporaryFolder(t), 'theirs');
  await mkdir(folder, { mode: 0o700 });
  await chown(folder, NOBODY, NOBODY);
  await assert.rejects(ensurePrivateFolder(folder), unsafe);
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
