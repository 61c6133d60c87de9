/** What a signed-in person may ask of the Workspace, whatever number of browsers they use. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { fromWireError } from '#protocol/errors';
import { refusedWith } from '../../../refused-with.ts';
import type { Answer } from '../../cookie-browser.ts';
import { newDevice } from '../../device.ts';
import { signIn } from '../../person.ts';
import { MARA, PASSWORD, startWholeCloud } from '../../whole-cloud.ts';

const tooOften = refusedWith('too_many', /^Too many requests\. Wait a moment, then try again\.$/u);

function mustBeTooMany({ status, text }: Answer): void {
  const { error } = JSON.parse(text);
  assert.deepEqual([status, error.retryable], [429, true], text);
  assert.ok(tooOften(fromWireError(error)), text);
}

test('B-S4a, B-S4c a person who asks too much is told to wait, in every browser of theirs; others go on, and the share comes back with time', async (t) => {
  const clock = { ms: 0 };
  const cloud = await startWholeCloud(t, { nowMs: () => clock.ms });
  const [mara, elsewhere] = [await signIn(t, cloud, MARA, PASSWORD), await signIn(t, cloud, MARA, PASSWORD)];
  const otto = await signIn(t, cloud, 'otto@test.localhost', 'another one');
  const feed = '/api/v1/feeds/web';
  const launch = { resource: { feed: 'apps', id: 'terminal' }, jkt: newDevice().jkt };
  const device = newDevice();
  const COSTLY = [
    () => mara.get(feed),
    () => mara.post('/api/v1/launches', launch),
    () => mara.post('/api/v1/page-token', { challenge: 'c'.repeat(22) }),
    () => mara.post('/api/v1/devices', device.deviceRequest(cloud.origin, mara.session.deviceNonce)),
  ];
  // One share for all of it, whatever the answer.
  for (const ask of Array.from({ length: 30 }, () => COSTLY).flat()) assert.notEqual((await ask()).status, 429);
  for (const ask of COSTLY) mustBeTooMany(await ask());
  mustBeTooMany(await elsewhere.get(feed));
  assert.equal((await otto.get(feed)).status, 200);
  assert.equal((await mara.get('/api/v1/session')).status, 200, 'what costs no other service work is answered');
  clock.ms += 249;
  mustBeTooMany(await mara.get(feed));
  clock.ms += 1;
  assert.equal((await mara.get(feed)).status, 200);
  mustBeTooMany(await mara.get(feed));
  clock.ms += 60_000;
  assert.equal((await elsewhere.get(feed)).status, 200);
});
