/** Each service with a database is backed up, changed, destroyed and restored, one after the other, and people go on. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { CSRF_HEADER } from '#protocol/workspace-api';
import type { RunningService } from '#runtime/service/run';
import { exportSite, importSite } from '../../cli/broker-admin.ts';
import { untilHolds } from '../until.ts';
import { backUp } from './backup.ts';
import { openBrowser } from './cookie-browser.ts';
import { newDevice } from './device.ts';
import { personIn, signIn } from './person.ts';
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
  await importSite(cloud.admin, { expect: 1, text: named('After') });
  await untilHolds(async () => (await workspaceName()) === 'After');
  assert.equal(await leases(), 2);
  const other = await signIn(t, cloud, 'otto@test.localhost', 'another one');
  assert.equal(other.session.user.name, 'Otto Frei');
});

const saidBy = async ({ checks }: RunningService, name: string) => String(await checks.find((check) => check.name === name)?.run());

test('B-R1e a broker restored from a backup takes nothing back: readers keep the newer site document and say so until the next import', async (t) => {
  const cloud = await startWholeCloud(t);
  const { workspace, 'lease-issuer': leaseIssuer } = cloud.services;
  const person = await signIn(t, cloud, MARA, PASSWORD);
  const workspaceName = async () => JSON.parse((await person.get('/api/v1/session')).text).workspace.name;
  const restore = await backUp(t, cloud.databases.broker);
  for (const [expect, name] of ['Second', 'Third'].entries()) await importSite(cloud.admin, { expect: expect + 1, text: named(name) });
  await untilHolds(async () => (await workspaceName()) === 'Third');

  await cloud.services.broker.stop();
  await restore();
  const broker = await cloud.restart.broker();
  for (const reader of [workspace, leaseIssuer])
    await untilHolds(async () => /version 1 of the site document, and 3 is used here/u.test(await saidBy(reader, 'broker')));
  assert.equal(await workspaceName(), 'Third', 'what was withdrawn since stays withdrawn');
  assert.match(await saidBy(broker, 'site-document-lost'), /readers hold version 3/u);
  for (const { checks } of [workspace, leaseIssuer, broker])
    for (const { isAdvice, run } of checks) if (isAdvice !== true) assert.equal(await run(), undefined, 'nobody stops working for it');

  // The administrator decides that the restored document holds: the same text, and yet another version.
  const { version, document } = await exportSite(cloud.admin);
  assert.equal(version, 1);
  assert.equal((await importSite(cloud.admin, { expect: 1, text: JSON.stringify(document) })).version, 4);
  await untilHolds(async () => (await workspaceName()) === 'Test Workspace');
  for (const reader of [workspace, leaseIssuer]) await untilHolds(async () => (await saidBy(reader, 'broker')) === 'undefined');
  assert.equal(await saidBy(broker, 'site-document-lost'), 'undefined');
});

test('B-I4e a Workspace restored from a backup knows no session again that has ended: all end, and the provider asks everybody anew', async (t) => {
  const cloud = await startWholeCloud(t);
  const { origin } = cloud;
  const [mara, otto] = [openBrowser(t), openBrowser(t)];
  const signInWith = async (browser: typeof mara, username: string, password: string) =>
    browser.submit(await browser.open(`${origin}/auth/sign-in?next=/`), { username, password });
  await signInWith(mara, MARA, PASSWORD);
  await signInWith(otto, 'otto@test.localhost', 'another one');
  const restore = await backUp(t, cloud.databases.workspace);
  const stolen = mara.cookiesOf(origin);
  const { session, post } = await personIn(mara, origin);
  assert.equal((await post('/auth/sign-out', {}, { [CSRF_HEADER]: session.csrf })).status, 200);
  const openWith = async (cookie: string) => (await openBrowser(t).ask(`${origin}/api/v1/session`, { headers: { cookie } })).status;
  assert.equal(await openWith(stolen), 401);
  assert.equal(await openWith(otto.cookiesOf(origin)), 200);

  await cloud.services.workspace.stop();
  await restore();
  const restored = await cloud.restart.workspace();
  assert.equal(await openWith(stolen), 401);
  assert.equal(await openWith(otto.cookiesOf(origin)), 401, 'whose session ended since is not known, so all have');
  for (const [browser, username, password] of [
    [mara, MARA, PASSWORD],
    [otto, 'otto@test.localhost', 'another one'],
  ] as const) {
    const asked = await browser.open(`${origin}/auth/sign-in?next=/`);
    assert.match(asked.text, /type="password"/u, 'although the provider’s own session goes on');
    assert.equal((await browser.submit(asked, { username, password })).url, `${origin}/`);
  }

  // Nothing has ended since then: a restart of its own ends nobody's session.
  const cookie = otto.cookiesOf(origin);
  await restored.stop();
  await cloud.restart.workspace();
  assert.equal(await openWith(cookie), 200);
});
