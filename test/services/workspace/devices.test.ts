import assert from 'node:assert/strict';
import test from 'node:test';
import * as v from 'valibot';
import { WorkspaceConfig } from '#protocol/service-config';
import { deviceSeen, devicesOf, removeDevice } from '../../../services/workspace/devices.ts';
import { openStore, removeExpired } from '../../../services/workspace/store.ts';
import { testLog } from '../../log.ts';
import { refusedWith } from '../../refused-with.ts';
import { testDatabase } from '../database.ts';

const DAY_MS = 86_400_000;
const MARA = { subject: 'mara-0123456789', upn: 'mara@test.localhost' };
const OTTO = { subject: 'otto-0123456789', upn: 'otto@test.localhost' };
const device = (letter: string, claimsHardware = false) => ({ jkt: letter.repeat(43), claimsHardware });

test('B-L9d devices are kept with first and last seen, per person, up to the limit', async (t) => {
  const store = await openStore(await testDatabase(t), testLog('workspace'));
  t.after(() => store.close());
  assert.equal(await deviceSeen(store, MARA, device('a', true), 2, DAY_MS), true);
  assert.equal(await deviceSeen(store, MARA, device('b'), 2, 2 * DAY_MS), true);
  await assert.rejects(deviceSeen(store, MARA, device('c'), 2, 3 * DAY_MS), refusedWith('too_many', /saved on 2 devices already/u));
  assert.equal(await deviceSeen(store, MARA, device('a', true), 2, 4 * DAY_MS), false);
  assert.equal(await deviceSeen(store, OTTO, device('c'), 2, 4 * DAY_MS), true, 'another person’s');

  assert.equal(v.parse(WorkspaceConfig.entries.devicesPerPerson, undefined), 10, 'where the configuration says nothing');

  const hers = await devicesOf(store, ' Mara@TEST.localhost');
  assert.deepEqual(
    hers.map(({ jkt, claimsHardware, firstSeen, lastSeen }) => [jkt[0], claimsHardware, firstSeen / DAY_MS, lastSeen / DAY_MS]),
    [
      ['b', false, 2, 2],
      ['a', true, 1, 4],
    ],
  );
  assert.deepEqual(
    (await devicesOf(store, MARA.subject, 2 * DAY_MS)).map(({ jkt }) => jkt[0]),
    ['b'],
  );
  await removeDevice(store, 'b'.repeat(43));
  assert.equal(await deviceSeen(store, MARA, device('d'), 2, 5 * DAY_MS), true, 'there is room again');
  await removeExpired(store, 44.5 * DAY_MS);
  assert.deepEqual(
    (await devicesOf(store, undefined)).map(({ jkt }) => jkt[0]),
    ['d'],
    'a device without any lease left is forgotten',
  );
});

test('of devices that come at the same time no more than the limit get in', async (t) => {
  const store = await openStore(await testDatabase(t), testLog('workspace'));
  t.after(() => store.close());
  const all = Array.from('abcdefgh').map((letter) => deviceSeen(store, MARA, device(letter), 3, DAY_MS));
  const came = (await Promise.allSettled(all)).filter(({ status }) => status === 'fulfilled');
  assert.equal(came.length, 3);
  assert.equal((await devicesOf(store, MARA.subject)).length, 3);
});
