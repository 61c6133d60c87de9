import assert from 'node:assert/strict';
import { chmod, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { openPeople, type People } from '../../native-host/people.ts';
import { newHome } from './device.ts';

let home: string;
let people: People;
beforeEach(async () => {
  home = await newHome();
  people = openPeople(home);
});
afterEach(() => rm(home, { recursive: true, force: true }));

const person = (n: number, workspace = 'https://one.test') => ({
  profile: `profile-of-the-test-${String(n).padStart(2, '0')}`,
  workspace,
  subject: `person-${n}-of-the-test`,
  userName: `Person ${n}`,
});

test('who is named last in a browser profile is bound there, and nowhere else', async () => {
  const [mara, ben] = [person(1), { ...person(2), profile: person(1).profile }];
  await people.bind(mara);
  await people.bind(ben);
  assert.deepEqual(await people.at(mara), ben);
  assert.equal(await people.at({ ...mara, workspace: 'https://two.test' }), undefined);
  assert.equal(await people.at({ ...mara, profile: 'another-profile-of-the-person' }), undefined);
  assert.deepEqual(await people.all(), [ben]);
});

test('who signs out in one profile stays bound in the others', async () => {
  const places = [person(1), person(2), person(1, 'https://two.test')];
  for (const one of places) await people.bind(one);
  await people.release(person(1));
  assert.deepEqual(await people.all(), [person(1, 'https://two.test'), person(2)]);
});

test('Workspaces that name their people at the same moment are all heard', async () => {
  const workspaces = ['https://one.test', 'https://two.test', 'https://three.test'];
  await people.bind(person(2));
  await Promise.all([...workspaces.map((workspace) => people.bind(person(1, workspace))), people.release(person(2))]);
  for (const workspace of workspaces) assert.deepEqual(await people.at(person(1, workspace)), person(1, workspace));
  assert.equal(await people.at(person(2)), undefined);
});

test('the latest sixty-four are kept: profiles that were deleted never say so', async () => {
  for (let n = 0; n < 65; n += 1) await people.bind(person(n));
  const kept = await people.all();
  assert.deepEqual([kept.length, kept[0], kept.at(-1)], [64, person(64), person(1)]);
});

test('a list that is damaged, or that others could have written, names nobody', async () => {
  const file = join(home, 'people.json');
  await people.bind(person(1));
  await chmod(file, 0o622);
  assert.deepEqual(await people.all(), []);
  await chmod(file, 0o600);
  assert.deepEqual(await people.all(), [person(1)]);
  await writeFile(file, '{"v":1,"people":[');
  assert.deepEqual(await people.all(), []);
  await people.bind(person(2));
  assert.deepEqual(await people.all(), [person(2)], 'the next sign-in writes it anew');
});
