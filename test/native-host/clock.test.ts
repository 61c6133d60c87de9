import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openClock } from '../../native-host/clock.ts';
import { temporaryFolder } from '../services/temporary-folder.ts';
import { DAY, NOW, WORKSPACE } from '../vectors/world.ts';

const ELSEWHERE = 'https://workspace.fabrikam.example';

test('one list dated 30 days ahead ends no lease, and its signer counts again once its clock is right', async (t) => {
  const home = await temporaryFolder(t);
  let system = NOW;
  const clock = await openClock(home, () => system);
  await clock.saw(WORKSPACE, 'lease', NOW - 60);
  await clock.saw(WORKSPACE, 'list', NOW + 30 * DAY);
  assert.deepEqual([clock.now(WORKSPACE), clock.looksWrong()], [NOW, false]);
  assert.equal((await openClock(home, () => system)).now(WORKSPACE), NOW, 'nor after a restart');

  await clock.saw(WORKSPACE, 'list', NOW + DAY);
  await clock.saw(WORKSPACE, 'lease', NOW + DAY);
  system = NOW - 5 * DAY;
  assert.deepEqual([clock.now(WORKSPACE), clock.looksWrong()], [NOW + DAY, true], 'a clock that was set back is told by both');
});

test('one lease dated 30 days ahead ends no other', async (t) => {
  const clock = await openClock(await temporaryFolder(t), () => NOW);
  await clock.saw(WORKSPACE, 'list', NOW - 30);
  await clock.saw(WORKSPACE, 'lease', NOW + 30 * DAY);
  assert.equal(clock.now(WORKSPACE), NOW);
});

test('what one Workspace’s signers say of the time ends no lease of another', async (t) => {
  const clock = await openClock(await temporaryFolder(t), () => NOW);
  for (const by of ['list', 'lease'] as const) await clock.saw(WORKSPACE, by, NOW + 30 * DAY);
  assert.equal(clock.now(WORKSPACE), NOW + 30 * DAY);
  assert.equal(clock.now(ELSEWHERE), NOW);
});

test('list and lease that are seen at the same moment both count', async (t) => {
  const home = await temporaryFolder(t);
  const clock = await openClock(home, () => NOW);
  await Promise.all((['list', 'lease'] as const).map((by) => clock.saw(WORKSPACE, by, NOW + DAY)));
  assert.equal(clock.now(WORKSPACE), NOW + DAY);
  assert.equal((await openClock(home, () => NOW)).now(WORKSPACE), NOW + DAY);
});

test('of two browsers’ hosts the later signed time is kept, whichever comes last', async (t) => {
  const home = await temporaryFolder(t);
  const [first, second] = [await openClock(home, () => NOW), await openClock(home, () => NOW)];
  for (const by of ['list', 'lease'] as const) await first.saw(WORKSPACE, by, NOW + 2 * DAY);
  await second.saw(WORKSPACE, 'lease', NOW + DAY);
  await second.saw(ELSEWHERE, 'list', NOW);
  assert.equal(second.now(WORKSPACE), NOW + 2 * DAY);
  assert.equal((await openClock(home, () => NOW)).now(WORKSPACE), NOW + 2 * DAY);
});

test('a clock that was set back does not make ended leases good again, and is said to look wrong', async (t) => {
  const home = await temporaryFolder(t);
  let system = NOW + DAY;
  const clock = await openClock(home, () => system);
  await clock.saw(WORKSPACE, 'list', NOW + DAY);
  system = NOW;
  assert.equal(clock.now(WORKSPACE), NOW + DAY, 'the device’s own clock was the second witness');
  assert.equal(clock.looksWrong(), true);
  assert.equal((await openClock(home, () => NOW)).now(WORKSPACE), NOW + DAY, 'kept on disk');
  system = NOW + 2 * DAY;
  assert.deepEqual([clock.now(WORKSPACE), clock.looksWrong()], [system, false]);
});
