import assert from 'node:assert/strict';
import test from 'node:test';
import type { Site } from '#core/access/site';
import { judgeHeldLease } from '#core/lease/judge-held';
import { CLOUD } from '#protocol/cloud-api';
import { parse } from '#protocol/parse';
import { AccessRules, SiteDocument } from '#protocol/site-document';
import { cloudRoute, mutualTls } from '#runtime/http/cloud-server';
import { addRoutes } from '#runtime/http/routes';
import { closeServer, listen, openServer } from '#runtime/http/server';
import { nodeCrypto, sha256 } from '#runtime/jose/primitives';
import type { Log } from '#runtime/log/log';
import { openMetrics } from '#runtime/metrics/metrics';
import { readLocationPart, readWholeSite } from '#runtime/site/reader';
import { importSite } from '../../../cli/broker-admin.ts';
import { SILENT } from '../../log.ts';
import { newDevice } from '../../services/device.ts';
import { type Person, signIn } from '../../services/person.ts';
import { startRoot } from '../../services/service-in-process.ts';
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

test('B-R1e an older answer is told once, in the log, in /readyz and as a metric, and the newer document stays in use', async (t) => {
  const root = await startRoot(t);
  const broker = await root.component('broker', 'broker');
  const issuer = await root.component('lease-issuer', 'lease-issuer');
  const rules = (leaseDays: number) => parse(AccessRules, parse(SiteDocument, { ...SITE, continuity: { leaseDays } }));
  // As a broker of an earlier version answers: with its document, whatever the reader has.
  const answerOf = (version: number) => ({ version, digest: sha256(String(version)), document: rules(version) });
  let answer = answerOf(5);
  let asked = 0;
  const server = openServer({ log: SILENT, metrics: openMetrics(), tls: mutualTls(broker.tls) });
  t.after(() => closeServer(server));
  const answering = async () => {
    asked += 1;
    return answer;
  };
  addRoutes(server, [cloudRoute(CLOUD.siteDocument, broker, answering)]);
  const { host, port } = await listen(server, { host: '127.0.0.1', port: 0 });

  const told: string[] = [];
  const log: Log = { ...SILENT, error: (_, message) => void told.push(message), child: () => log };
  const metrics = openMetrics();
  const ending = new AbortController();
  t.after(() => ending.abort());
  const dataDir = await temporaryFolder(t);
  const reader = readWholeSite({ component: issuer, broker: `https://${host}:${port}`, dataDir, signal: ending.signal, log, metrics });
  const isOlder = async () => /^holdfast_site_document_older (\d)$/mu.exec((await metrics.text()).body)?.[1];
  const advice = () => reader.checks.find(({ name }) => name === 'broker')?.run();
  await untilHolds(async () => reader.held()?.content.continuity.leaseDays === 5);
  assert.deepEqual([await isOlder(), advice()], ['0', undefined]);

  answer = answerOf(4);
  await untilHolds(async () => (await isOlder()) === '1');
  const before = asked;
  await untilHolds(async () => asked > before + 1);
  assert.deepEqual(told, ['The broker answers with an older site document; the newer one goes on being used.']);
  assert.match(String(await advice()), /version 4 of the site document, and 5 is used here/u);
  assert.equal(reader.current().content.continuity.leaseDays, 5);

  answer = answerOf(6);
  await untilHolds(async () => reader.current().content.continuity.leaseDays === 6);
  assert.deepEqual([await isOlder(), advice(), told.length], ['0', undefined, 1]);
});
