import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { keepForPam, takeOnce } from '../../../../services/session-host/sign-on-helper/pam-passwords.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const NOW = 1_800_000_000_000;
const UNTIL = NOW + 60_000;

test('B-R14a a password is good once, up to its end', async (t) => {
  const folder = await temporaryFolder(t);
  const first = keepForPam(folder, 'mara', UNTIL);
  assert.deepEqual([takeOnce(folder, 'mara', first.password, NOW), takeOnce(folder, 'mara', first.password, NOW)], [true, false]);
  const late = keepForPam(folder, 'mara', UNTIL);
  assert.equal(takeOnce(folder, 'mara', late.password, UNTIL), false);
  const inTime = keepForPam(folder, 'mara', UNTIL);
  assert.equal(takeOnce(folder, 'mara', inTime.password, UNTIL - 1), true);
});

test('a password is its account’s, and a wrong one takes none away', async (t) => {
  const folder = await temporaryFolder(t);
  const { password } = keepForPam(folder, 'mara', UNTIL);
  assert.equal(takeOnce(folder, 'otto', password, NOW), false);
  assert.equal(takeOnce(folder, 'mara', 'another', NOW), false);
  assert.equal(takeOnce(folder, '../mara', password, NOW), false);
  assert.equal(takeOnce(folder, 'mara', password, NOW), true);
});

test('two sign-ons of one account do not disturb each other', async (t) => {
  const folder = await temporaryFolder(t);
  const [one, two] = [keepForPam(folder, 'mara', UNTIL), keepForPam(folder, 'mara', UNTIL)];
  one.takeBack();
  assert.equal(takeOnce(folder, 'mara', one.password, NOW), false, 'it was taken back');
  assert.equal(takeOnce(folder, 'mara', two.password, NOW), true);
  two.takeBack();
});

test('only a digest is kept, for its owner alone; what is over or damaged goes, what is good stays', async (t) => {
  const folder = await temporaryFolder(t);
  const own = join(folder, 'mara');
  const { password } = keepForPam(folder, 'mara', UNTIL);
  const [file = ''] = readdirSync(own);
  assert.ok(!readFileSync(join(own, file), 'utf8').includes(password));
  assert.deepEqual([statSync(own).mode & 0o777, statSync(join(own, file)).mode & 0o777], [0o700, 0o600]);
  keepForPam(folder, 'mara', NOW);
  mkdirSync(own, { recursive: true });
  writeFileSync(join(own, 'damaged'), 'hello');
  assert.equal(takeOnce(folder, 'mara', 'another', NOW), false);
  assert.deepEqual(readdirSync(own), [file]);
});

test('passwords are long, and no two are alike', async (t) => {
  const folder = await temporaryFolder(t);
  const passwords = Array.from({ length: 20 }, () => keepForPam(folder, 'mara', UNTIL).password);
  assert.equal(new Set(passwords).size, 20);
  for (const password of passwords) assert.match(password, /^[a-km-np-z2-9]{24}$/u);
});
