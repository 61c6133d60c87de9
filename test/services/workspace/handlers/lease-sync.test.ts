/** Lease syncs in a whole cloud: what one device and one person may ask for. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { fromWireError } from '#protocol/errors';
import { refusedWith } from '../../../refused-with.ts';
import { newDevice, type TestDevice } from '../../device.ts';
import { type Person, signIn } from '../../person.ts';
import { MARA, PASSWORD, startWholeCloud, type WholeCloud } from '../../whole-cloud.ts';

/** A device whose token lasts longer than the test: each call syncs once, or throws what it was refused with. */
async function syncing({ origin }: WholeCloud, person: Person, device: TestDevice = newDevice()) {
  const token = await person.deviceToken(device);
  return async () => {
    const answer = await person.post('/api/v1/lease-sync', device.syncRequest(origin, token));
    if (answer.status === 200) return;
    const { error } = JSON.parse(answer.text);
    assert.deepEqual([answer.status, error.retryable], [429, true], answer.text);
    throw fromWireError(error);
  };
}
const often = async (sync: () => Promise<void>, times: number) => {
  for (let n = 0; n < times; n++) await sync();
};
const tooOften = refusedWith('too_many', /^Too many requests\. Wait a moment, then try again\.$/u);

test('B-S4e a device that syncs too often is told to wait; others of its person and other people go on, and its share comes back with time', async (t) => {
  const clock = { ms: 0 };
  const cloud = await startWholeCloud(t, { nowMs: () => clock.ms });
  const mara = await signIn(t, cloud, MARA, PASSWORD);
  const sync = await syncing(cloud, mara);
  await often(sync, 12);
  await assert.rejects(sync, tooOften);
  await (await syncing(cloud, mara))();
  await (await syncing(cloud, await signIn(t, cloud, 'otto@test.localhost', 'another one')))();
  clock.ms += 59_999;
  await assert.rejects(sync, tooOften);
  clock.ms += 1;
  await sync();
  await assert.rejects(sync, tooOften);
});

test('B-S4d all devices of a person together have a share, too, and other people have theirs', async (t) => {
  const clock = { ms: 0 };
  const cloud = await startWholeCloud(t, { nowMs: () => clock.ms, devices: 6 });
  const mara = await signIn(t, cloud, MARA, PASSWORD);
  for (let device = 0; device < 5; device++) await often(await syncing(cloud, mara), 12);
  const sixth = await syncing(cloud, mara);
  await assert.rejects(sixth, tooOften);
  await (await syncing(cloud, await signIn(t, cloud, 'otto@test.localhost', 'another one')))();
  clock.ms += 10_000;
  await sixth();
  await assert.rejects(sixth, tooOften);
});

test('nobody uses up another device’s share: a sync that its key did not prove costs nothing', async (t) => {
  const cloud = await startWholeCloud(t, { nowMs: () => 0 });
  const mara = await signIn(t, cloud, MARA, PASSWORD);
  const [device, thief] = [newDevice(), newDevice()];
  const token = await mara.deviceToken(device);
  for (let n = 0; n < 12; n++) {
    const forged = { ...thief.syncRequest(cloud.origin, token), key: device.keys.sign };
    assert.equal((await mara.post('/api/v1/lease-sync', forged)).status, 401);
  }
  await often(await syncing(cloud, mara, device), 12);
});
