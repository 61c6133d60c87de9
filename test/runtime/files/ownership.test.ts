import assert from 'node:assert/strict';
import { chmod, chown, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { mustBeOutOfReach, mustBeWrittenByUs } from '#runtime/files/ownership';
import { refusedWith } from '../../refused-with.ts';

const NOBODY = 65_534;
/** The group `users`, in which some systems have everybody. */
const USERS = 100;
/** Only root can give a file away. */
const asRoot = { skip: process.getuid?.() === 0 ? false : 'not root' };

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'hf-own-')));
  file = join(folder, 'home', 'config.json');
  await mkdir(join(folder, 'home'), { mode: 0o700 });
  await writeFile(file, '{}', { mode: 0o600 });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a file of ours, in folders of ours, is taken; so is none', async () => {
  await mustBeWrittenByUs(file);
  await mustBeWrittenByUs(join(folder, 'home', 'none.json'));
  await chmod(file, 0o644);
  await mustBeWrittenByUs(file);
});

for (const mode of [0o602, 0o620, 0o666]) {
  test(`a file of mode ${mode.toString(8)} could be another user’s word, and is refused`, async () => {
    await chmod(file, mode);
    await assert.rejects(mustBeWrittenByUs(file), refusedWith('unsafe_folder'));
  });
}

test('a file that belongs to nobody is refused', asRoot, async () => {
  await chown(file, NOBODY, NOBODY);
  await assert.rejects(mustBeWrittenByUs(file), refusedWith('unsafe_folder'));
});

test('a folder in place of the file is refused', async () => {
  await rm(file);
  await mkdir(file, { mode: 0o700 });
  await assert.rejects(mustBeWrittenByUs(file), refusedWith('unsafe_folder'));
});

test('a folder above that is open to all is refused, however closed the last one is', async () => {
  await chmod(folder, 0o777);
  await assert.rejects(mustBeOutOfReach(join(folder, 'home')), refusedWith('unsafe_folder'));
  await assert.rejects(mustBeWrittenByUs(file), refusedWith('unsafe_folder'));
  await chmod(folder, 0o1777);
  await mustBeOutOfReach(join(folder, 'home'));
});

test('a folder above that another group may write is refused, one of the own group is not', asRoot, async () => {
  await chmod(folder, 0o770);
  await mustBeOutOfReach(file);
  await chown(folder, 0, NOBODY);
  await assert.rejects(mustBeOutOfReach(file), refusedWith('unsafe_folder'));
});

test('a folder above that its own group may write is refused where that group is not the person’s alone', asRoot, async () => {
  await chmod(folder, 0o770);
  await chown(folder, 0, USERS);
  process.setgid?.(USERS);
  try {
    await assert.rejects(mustBeOutOfReach(file), refusedWith('unsafe_folder'));
  } finally {
    process.setgid?.(0);
  }
});

test('a folder above that belongs to another user is refused', asRoot, async () => {
  await chown(folder, NOBODY, NOBODY);
  await assert.rejects(mustBeOutOfReach(file), refusedWith('unsafe_folder'));
});

test('a link is as safe as the way to it and the way from it', async () => {
  const open = join(folder, 'open');
  await mkdir(open);
  await chmod(open, 0o777);
  await writeFile(join(open, 'real.json'), '{}', { mode: 0o600 });
  await symlink(join(open, 'real.json'), join(folder, 'home', 'link.json'));
  await assert.rejects(mustBeWrittenByUs(join(folder, 'home', 'link.json')), refusedWith('unsafe_folder'), 'leads through an open folder');
  await symlink(join(folder, 'home'), join(open, 'home'));
  await assert.rejects(mustBeOutOfReach(join(open, 'home', 'config.json')), refusedWith('unsafe_folder'), 'lies in an open folder');
});

test('what is not there yet is made by us', async () => {
  await mustBeOutOfReach(join(folder, 'home', 'new', 'newer'));
});
