import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { request } from 'undici';
import { HoldfastError } from '#protocol/errors';
import { parse } from '#protocol/parse';
import { SiteDocument } from '#protocol/site-document';
import { thrownWords } from '#protocol/words';
import { everything } from '#protocol/words/everything';
import { pinnedAgent } from '#runtime/tls/pinned-agent';
import { exportSite, importSite, siteHistory } from '../../../cli/broker-admin.ts';
import { openOwnSite } from '../../../services/broker/site.ts';
import { openStore } from '../../../services/broker/store.ts';
import { SILENT } from '../../log.ts';
import { refusedWith } from '../../refused-with.ts';
import { startBroker } from '../broker-in-process.ts';
import { testDatabase } from '../database.ts';
import { startRoot } from '../service-in-process.ts';
import { accessTo } from '../site-admin.ts';
import { SITE } from '../whole-cloud.ts';

const named = (name: string) => JSON.stringify({ ...SITE, site: { id: 'test', name } }, null, 1);

async function broker(t: TestContext) {
  const root = await startRoot(t);
  const { running, config, again } = await startBroker(t, root);
  const { dataDir } = config;
  const [ada, ben] = [await accessTo(running, dataDir), await accessTo(running, dataDir, 'Ben')];
  return { running, ada, ben, again, dataDir };
}

test('a broker without a site document says so, and what to do', async (t) => {
  const { running, ada } = await broker(t);
  const said = await running.checks.find(({ name }) => name === 'site-document')?.run();
  assert.match(
    said instanceof HoldfastError ? thrownWords(said, everything).detail : '',
    /no site document yet.*holdfast admin site import/u,
  );
  await assert.rejects(exportSite(ada), refusedWith('not_found', /holdfast admin site import/u));
  assert.deepEqual(await siteHistory(ada), []);
});

test('versions are kept: number, digest, when, who, the document', async (t) => {
  const { ada, ben, again, running, dataDir } = await broker(t);
  const first = await importSite(ada, { expect: 0, text: named('One') });
  const second = await importSite(ben, { expect: 1, text: named('Two') });
  assert.deepEqual([first.version, first.by, second.version, second.by], [1, 'Ada', 2, 'Ben']);
  assert.notEqual(first.digest, second.digest);
  assert.ok(Math.abs(second.at - Date.now()) < 60_000);
  assert.deepEqual(await siteHistory(ada), [second, first]);
  assert.equal((await exportSite(ada)).document.site.name, 'Two');
  assert.equal((await exportSite(ada, 1)).document.site.name, 'One');
  await assert.rejects(exportSite(ada, 3), refusedWith('not_found'));

  await running.stop();
  const restarted = await accessTo(await again(), dataDir);
  assert.equal((await exportSite(restarted)).document.site.name, 'Two');
});

test('nobody overwrites another’s change, and what says the same makes no version', async (t) => {
  const { ada, ben } = await broker(t);
  await importSite(ada, { expect: 0, text: named('One') });
  await importSite(ben, { expect: 1, text: named('Two') });
  await assert.rejects(importSite(ada, { expect: 1, text: named('Three') }), refusedWith('conflict', /version is 2, by Ben/u));
  const both = [importSite(ada, { expect: 2, text: named('Four') }), importSite(ben, { expect: 2, text: named('Five') })];
  const outcomes = (await Promise.allSettled(both)).map(({ status }) => status);
  assert.deepEqual(outcomes.toSorted(), ['fulfilled', 'rejected']);
  const { version, document } = await exportSite(ada);
  assert.equal((await importSite(ben, { expect: 0, text: JSON.stringify(document) })).version, version);
  assert.equal((await siteHistory(ada)).length, 3);
});

test('a bad document is refused with its line, and the last good one stays', async (t) => {
  const { ada, running } = await broker(t);
  await importSite(ada, { expect: 0, text: named('One') });
  const bad = async (text: string, words: RegExp) => assert.rejects(importSite(ada, { expect: 1, text }), refusedWith('bad_config', words));
  await bad(named('One').replace('"kind": "app"', '"kind": "game"'), /site\.yaml:\d+: invalid field "resources\.0\.kind"/u);
  await bad(named('One').replace('"location": "zurich"', '"location": "basel"'), /site\.yaml:\d+: there is no location "basel"/u);
  await bad(named('One').replace('"tenant": "test"', '"tenant": "other"'), /site\.yaml:2: the tenant of this broker is "test"/u);
  await bad('resources: [', /site\.yaml:1: /u);
  assert.equal((await exportSite(ada)).version, 1);
  assert.equal(await running.checks.find(({ name }) => name === 'site-document')?.run(), undefined);
});

test('a bad import names all its faults, and is the caller’s fault, not the server’s', async (t) => {
  const { ada } = await broker(t);
  const bad = {
    ...SITE,
    tenant: 'other',
    sessionHosts: [...SITE.sessionHosts, { id: 'host-1', location: 'basel', deliveryGroup: 'pool' }],
  };
  const agent = pinnedAgent({ accepts: (spki) => spki === ada.tlsPin, stranger: 'pinned-key', connectTimeoutMs: 5_000 });
  t.after(() => agent.destroy());
  const answer = await request(new URL('/v1/admin/site', ada.url), {
    method: 'PUT',
    dispatcher: agent,
    headers: { authorization: `Bearer ${ada.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ expect: 0, text: JSON.stringify(bad) }),
  });
  assert.equal(answer.statusCode, 422);
  await answer.body.dump();
  const refused = await importSite(ada, { expect: 0, text: JSON.stringify(bad) }).catch((thrown: unknown) => thrown);
  assert.ok(refused instanceof HoldfastError);
  assert.deepEqual(
    [refused, ...refused.also].map(({ reason }) => reason),
    ['site-tenant', 'duplicate-id', 'unknown-id', 'unknown-id'],
  );
});

test('of the versions of the site document the newest are kept, as many as is said', async (t) => {
  const ending = new AbortController();
  const { database } = await openStore(await testDatabase(t), SILENT);
  t.after(() => {
    ending.abort();
    return database.close();
  });
  const site = await openOwnSite({ database, log: SILENT, signal: ending.signal, now: Date.now, kept: 3 });
  for (let expect = 0; expect < 5; expect++)
    await site.put(parse(SiteDocument, JSON.parse(named(`No. ${expect}`))), { name: 'Ada', expect });
  assert.deepEqual(
    (await site.history()).map(({ version }) => version),
    [5, 4, 3],
  );
  await assert.rejects(site.version(2), refusedWith('not_found'));
  assert.equal((await site.version()).document.site.name, 'No. 4');
});

test('B-R1e no version that a reader holds is given to another document, on any instance; a number far beyond is not believed', async (t) => {
  const ending = new AbortController();
  const { database } = await openStore(await testDatabase(t), SILENT);
  t.after(() => {
    ending.abort();
    return database.close();
  });
  const open = () => openOwnSite({ database, log: SILENT, signal: ending.signal, now: Date.now, kept: 3 });
  const site = await open();
  const put = async (expect: number, by = site) =>
    (await by.put(parse(SiteDocument, JSON.parse(named('The same'))), { name: 'Ada', expect })).version;
  assert.equal(await put(0), 1);
  await site.heard(1);
  assert.equal(site.lost(), undefined);
  await site.heard(500);
  await site.heard(400);
  assert.equal(site.lost(), 500);
  const other = await open();
  assert.equal(other.lost(), 500);
  assert.equal(await put(1, other), 501, 'the same text, which nobody takes by its old number');
  assert.equal(await put(501, other), 501);
  assert.deepEqual(
    (await other.history()).map(({ version }) => version),
    [501, 1],
    'the newest are kept by their count',
  );
  await other.heard(501 + 1_000_001);
  assert.equal(other.lost(), undefined);
});

test('without one of the tokens nothing is told and nothing changed', async (t) => {
  const { ada } = await broker(t);
  const stranger = { ...ada, token: 'x'.repeat(30) };
  await assert.rejects(importSite(stranger, { expect: 0, text: named('One') }), refusedWith('untrusted_peer'));
  await assert.rejects(exportSite(stranger), refusedWith('untrusted_peer'));
  await assert.rejects(siteHistory({ ...ada, token: '' }), refusedWith('untrusted_peer'));
});
