import assert from 'node:assert/strict';
import test from 'node:test';
import type { Site } from '#core/access/site';
import { judgeHeldLease } from '#core/lease/judge-held';
import { nodeCrypto } from '#runtime/jose/primitives';
import { openMetrics } from '#runtime/metrics/metrics';
import { readLocationPart } from '#runtime/site/reader';
import { importSite } from '../../../cli/broker-admin.ts';
import { SILENT } from '../../log.ts';
import { newDevice } from '../../services/device.ts';
import { type Person, signIn } from '../../services/person.ts';
import { temporaryFolder } from '../../services/temporary-folder.ts';
import { MARA, PASSWORD, SITE, startWholeCloud, type WholeCloud } from '../../services/whole-cloud.ts';
import { untilHolds } from '../../until.ts';

const CHANGED = { ...SITE, portal: { name: 'Changed' }, continuity: { leaseDays: 3, deleteLeasesOnSignOut: false }, webApps: [] };

/** How long the leases of a fresh sync last, days: each is opened as the device does. */
async function leaseDays(cloud: WholeCloud, person: Person): Promise<readonly number[]> {
  const device = newDevice();
  const lines = await person.sync(device.syncRequest(cloud.origin, await person.deviceToken(device)));
  const files = new Map(lines.flatMap((line) => (line.type === 'file' ? [[line.digest, line.content] as const] : [])));
  const owner = { workspace: cloud.origin, subject: person.session.user.subject, jkt: device.jkt };
  const now = Math.floor(Date.now() / 1_000);
  return lines.flatMap((line) => {
    if (line.type !== 'lease') return [];
    const held = { metadata: line.metadata, common: files.get(line.common) ?? '', location: files.get(line.location) ?? '' };
    const judged = judgeHeldLease(nodeCrypto, cloud.connector.trust(), device.unseal, held, owner, now);
    assert.ok(judged.ok, JSON.stringify(judged));
    return [(judged.value.metadata.exp - judged.value.metadata.iat) / 86_400];
  });
}

async function portal(person: Person) {
  const { workspace, continuity } = JSON.parse((await person.get('/api/v1/session')).text);
  const links = JSON.parse((await person.get('/api/v1/feeds/web')).text).resources.length;
  return { name: workspace.name, ...continuity, links };
}

test('one change of the site document reaches Workspace, lease issuer and connectors, and they agree', async (t) => {
  const cloud = await startWholeCloud(t);
  const person = await signIn(t, cloud, MARA, PASSWORD);
  assert.deepEqual(await portal(person), {
    name: 'Test Workspace',
    enabled: true,
    leaseDays: 7,
    deleteLeasesOnSignOut: true,
    links: 1,
  });
  assert.deepEqual(await leaseDays(cloud, person), [7, 7]);

  const ending = new AbortController();
  t.after(() => ending.abort());
  const news = Promise.withResolvers<Site>();
  readLocationPart('zurich', {
    component: cloud.connector,
    broker: cloud.urls.broker,
    dataDir: await temporaryFolder(t),
    signal: ending.signal,
    log: SILENT,
    metrics: openMetrics(),
    onChange: (site) => (site.content.continuity.leaseDays === 3 ? news.resolve(site) : undefined),
  });
  await importSite(cloud.admin, { expect: 1, text: JSON.stringify(CHANGED) });
  assert.equal((await news.promise).content.continuity.deleteLeasesOnSignOut, false);
  const changed = { name: 'Changed', enabled: true, leaseDays: 3, deleteLeasesOnSignOut: false, links: 0 };
  await untilHolds(async () => (await portal(person)).leaseDays === 3);
  assert.deepEqual(await portal(person), changed);
  await untilHolds(async () => (await leaseDays(cloud, person)).every((days) => days === 3));
  assert.equal((await leaseDays(cloud, person)).length, 2);
});

test('with the broker gone, Workspace and lease issuer go on with the last good document, across their own restart too', async (t) => {
  const cloud = await startWholeCloud(t);
  const person = await signIn(t, cloud, MARA, PASSWORD);
  await cloud.services.broker.stop();
  const before = await portal(person);
  assert.deepEqual(await leaseDays(cloud, person), [7, 7]);
  await cloud.services['lease-issuer'].stop();
  await cloud.services.workspace.stop();
  const again = [await cloud.restart['lease-issuer'](), await cloud.restart.workspace()];
  for (const { checks } of again) for (const { run } of checks) assert.equal(await run(), undefined);
  assert.deepEqual(await portal(person), before);
  assert.deepEqual(await leaseDays(cloud, person), [7, 7]);
});
