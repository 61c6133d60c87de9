/** Each service with a database is backed up, changed, destroyed and restored, one after the other, and people go on. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { exportSite, importSite } from '../../cli/broker-admin.ts';
import { untilHolds } from '../until.ts';
import { backUp } from './backup.ts';
import { newDevice } from './device.ts';
import { signIn } from './person.ts';
import { MARA, PASSWORD, SITE, startWholeCloud, type WithDatabase } from './whole-cloud.ts';

const named = (name: string) => JSON.stringify({ ...SITE, portal: { name } });

test('every service goes on after its database was destroyed and restored: sign-in, leases, and a site that changes', async (t) => {
  const cloud = await startWholeCloud(t);
  const person = await signIn(t, cloud, MARA, PASSWORD);
  const device = newDevice();
  const leases = async () => {
    const lines = await person.sync(device.syncRequest(cloud.origin, await person.deviceToken(device)));
    return lines.filter(({ type }) => type === 'lease').length;
  };
  const workspaceName = async () => JSON.parse((await person.get('/api/v1/session')).text).workspace.name;
  assert.equal(await leases(), 2);
  const order = ['lease-issuer', 'identity', 'workspace', 'broker'] as const satisfies readonly WithDatabase[];
  const restores = await Promise.all(order.map(async (name) => [name, await backUp(t, cloud.databases[name])] as const));

  // What the backups don't have: another sign-in, more syncs, a second version of the site.
  await signIn(t, cloud, 'otto@test.localhost', 'another one');
  assert.equal(await leases(), 2);
  await importSite(cloud.admin, { expect: 1, text: named('Since') });
  await untilHolds(async () => (await workspaceName()) === 'Since');

  for (const [name, restore] of restores) {
    await cloud.services[name].stop();
    await restore();
    await cloud.restart[name]();
    assert.equal(await leases(), 2, `leases after ${name} was restored`);
  }
  await untilHolds(async () => (await workspaceName()) === 'Test Workspace');
  assert.equal((await exportSite(cloud.admin)).version, 1);
  // The same number as the one that was lost, and another document: readers of the lost one still accept it.
  await importSite(cloud.admin, { expect: 1, text: named('After') });
  await untilHolds(async () => (await workspaceName()) === 'After');
  assert.equal(await leases(), 2);
  const other = await signIn(t, cloud, 'otto@test.localhost', 'another one');
  assert.equal(other.session.user.name, 'Otto Frei');
});
