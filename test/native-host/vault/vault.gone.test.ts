/** Files that go away behind the back of a host that runs. */
import assert from 'node:assert/strict';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { NOW, newWorld } from '../../vectors/world.ts';
import { OWNER, openDevice, saveLeases, type TestDevice } from '../device.ts';

let device: TestDevice;
before(async () => {
  device = await openDevice();
});
after(() => device.end());

test('a lease that was good and whose files have gone since is not called valid', async () => {
  const vault = await saveLeases(device, newWorld(), [{}]);
  const known = await device.host.trustFor(OWNER, false);
  assert.ok(known !== undefined);
  // With the same trust, which a running host keeps, nothing is judged anew.
  const said = async () => (await vault.states(known.trust, NOW)).map(({ state }) => [state.state, state.code]);
  assert.deepEqual(await said(), [['valid', undefined]]);
  const leases = join(vault.folder, 'leases');
  for (const name of await readdir(leases)) await rm(join(leases, name));
  assert.deepEqual(await said(), [['invalid', 3002]]);
});
