import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { judgeGrant } from '#core/lease/judge-grant';
import { openJws } from '#core/trust/jws';
import { judgeStatement } from '#core/trust/trust';
import { CLOUD } from '#protocol/cloud-api';
import { TYP } from '#protocol/jose';
import { Locator } from '#protocol/lease';
import { parse } from '#protocol/parse';
import type { User } from '#protocol/primitives';
import { AccessRules, PortalSettings } from '#protocol/site-document';
import type { Component } from '#runtime/component/component';
import { cloudCall } from '#runtime/http/cloud-client';
import { nodeCrypto } from '#runtime/jose/primitives';
import { importSite } from '../../../cli/broker-admin.ts';
import { withheld } from '../../../services/broker/brokering.ts';
import { refusedWith } from '../../refused-with.ts';
import { startBroker } from '../broker-in-process.ts';
import { startRoot, urlOf } from '../service-in-process.ts';
import { registration, report } from '../session-host-report.ts';
import { importFirst } from '../site-admin.ts';
import { MARA, SITE, type SiteInput } from '../whole-cloud.ts';

const mara: User = { subject: 'subject-of-mara', name: 'Mara', upn: MARA, groups: ['Staff'] };
const options = { signal: new AbortController().signal, deadlineMs: 5_000, correlationId: 'c0ffee00' };
const named = (id: string, feed = 'apps') => ({ feed, id });
const JKT = 'I'.repeat(43);
const now = () => Math.floor(Date.now() / 1_000);

async function broker(t: TestContext, { site = SITE, block }: { site?: SiteInput; block?: object } = {}) {
  const root = await startRoot(t);
  // Before the broker starts: it hears of the list when it enrols, and then once a minute.
  if (block !== undefined) await root.admin('POST', '/v1/admin/blocks', { target: block, days: 1, anyway: true });
  const { running, config } = await startBroker(t, root);
  const admin = await importFirst(running, config.dataDir, site);
  const connector = await root.component('connector', 'zurich-1', 'zurich');
  const url = urlOf(running);
  const wish = (more: object = {}) => ({
    user: mara,
    jkt: JKT,
    resource: named('terminal'),
    location: 'zurich',
    mode: 'ticket' as const,
    authorizedAt: now(),
    correlationId: 'c0ffee00',
    ...more,
  });
  const ask = (from: Component, more: object = {}) => cloudCall(from, url, CLOUD.broker, wish(more), options);
  const change = (text: SiteInput) => importSite(admin, { expect: 1, text: JSON.stringify(text) });
  return { root, url, connector, ask, change };
}

test('the broker picks the least loaded host and signs a grant that this host accepts', async (t) => {
  const { root, url, connector, ask } = await broker(t);
  await report(connector, url, [registration('host-1'), registration('host-2')]);
  const first = await ask(connector);
  assert.equal(first.sessionHost, 'host-1');
  const host = await root.component('session-host', 'host-1', 'zurich');
  const shown = { grant: first.grant, statement: first.statement, jkt: JKT };
  const judged = judgeGrant(nodeCrypto, host.trust(), shown, { id: 'host-1', location: 'zurich', startedAt: 0 }, now());
  assert.ok(judged.ok, JSON.stringify(judged));
  assert.equal(judged.value.user.upn, MARA);
  // Nothing was reported yet, but what was granted counts.
  assert.equal((await ask(connector, { user: { ...mara, subject: 'subject-of-otto' } })).sessionHost, 'host-2');
});

test('a full location says so with a code that sends the device elsewhere', async (t) => {
  const { url, connector, ask } = await broker(t);
  await assert.rejects(ask(connector), refusedWith(3021));
  await report(connector, url, [registration('host-1')]);
  await ask(connector);
  await ask(connector);
  await assert.rejects(ask(connector), refusedWith(3021));
});

test('B-R6h one person who launches and never attaches fills no location: the next person gets a place', async (t) => {
  const { url, connector, ask } = await broker(t);
  await report(connector, url, [registration('host-1'), registration('host-2')]);
  for (let n = 0; n < 10; n++) await ask(connector, { jkt: `${n}`.repeat(42).concat('A') });
  assert.ok((await ask(connector, { user: { ...mara, subject: 'subject-of-otto' } })).sessionHost);
});

test('B-R6g one person, and one device, is granted 120 sessions a minute by the whole site, and others go on', async (t) => {
  const { url, connector, ask } = await broker(t);
  await report(connector, url, [{ ...registration('host-1'), maxSessions: 500 }]);
  for (let n = 0; n < 120; n++) await ask(connector);
  const [otto, other] = [{ ...mara, subject: 'subject-of-otto' }, 'o'.repeat(43)];
  await assert.rejects(ask(connector, { jkt: other }), refusedWith('too_many'), 'the same person with another device');
  await assert.rejects(ask(connector, { user: otto }), refusedWith('too_many'), 'another person at the same device');
  assert.equal((await ask(connector, { user: otto, jkt: other })).sessionHost, 'host-1');
  const later = Date.now() + 61_000;
  t.mock.method(Date, 'now', () => later);
  await report(connector, url, [{ ...registration('host-1'), maxSessions: 500 }]);
  assert.equal((await ask(connector)).sessionHost, 'host-1');
});

test('nobody is brokered what is not published to them', async (t) => {
  const { url, connector, ask } = await broker(t);
  await report(connector, url, [registration('host-1')]);
  await assert.rejects(ask(connector, { resource: named('secret') }), refusedWith('not_entitled'));
  await assert.rejects(ask(connector, { resource: named('no-such') }), refusedWith('not_found'));
  await assert.rejects(ask(connector, { resource: named('terminal', 'other') }), refusedWith('not_found'), 'an id of another feed');
});

test('a lease opens nothing whose delivery group may not be leased', async (t) => {
  const { url, connector, ask } = await broker(t);
  await report(connector, url, [registration('host-3')]);
  assert.equal((await ask(connector, { resource: named('payroll') })).sessionHost, 'host-3');
  await assert.rejects(ask(connector, { resource: named('payroll'), mode: 'lease' }), refusedWith(3022));
});

test('the blocked get no sessions', async (t) => {
  const { url, connector, ask } = await broker(t, { block: { kind: 'group', group: 'Staff' } });
  await report(connector, url, [registration('host-1')]);
  await assert.rejects(ask(connector), refusedWith('blocked'));
});

test('a broker that has no list denies', async (t) => {
  const component = await (await startRoot(t)).component('broker', 'broker');
  const { list: _, listToken: __, ...trust } = component.trust();
  const without = { component: { ...component, trust: () => trust }, now: Date.now };
  assert.throws(() => withheld(without, mara), refusedWith('unavailable'));
  assert.equal(withheld({ ...without, component }, mara), undefined);
});

test('admission names a living connector and only that one', async (t) => {
  const { root, url, connector } = await broker(t);
  const workspace = await root.component('workspace', 'workspace');
  const admit = () => cloudCall(workspace, url, CLOUD.admit, { user: mara, resource: named('terminal') }, options);
  await assert.rejects(admit, refusedWith('unavailable'));
  await report(connector, url, [registration('host-1')]);
  const admitted = await admit();
  assert.equal(admitted.redeemer, 'zurich-1');
  const maker = judgeStatement(nodeCrypto, connector.trust(), admitted.locator.statement, now(), { roles: ['broker'] });
  assert.ok(maker.ok);
  const locator = openJws(nodeCrypto, admitted.locator.token, TYP.locator, Locator, [maker.value.keys.sign]);
  assert.ok(locator.ok);
  assert.deepEqual(
    locator.value.location.connectors.map(({ id }) => id),
    ['zurich-1'],
  );

  const later = Date.now() + 16_000;
  t.mock.method(Date, 'now', () => later);
  await assert.rejects(admit, refusedWith('unavailable'), 'silent for 15 s');
});

test('nobody is admitted where no session host has room, and is told so', async (t) => {
  const { root, url, connector } = await broker(t);
  const workspace = await root.component('workspace', 'workspace');
  const admit = () => cloudCall(workspace, url, CLOUD.admit, { user: mara, resource: named('terminal') }, options);
  await report(connector, url, []);
  await assert.rejects(admit, refusedWith(3021));
  await report(connector, url, [{ ...registration('host-1'), maxSessions: 0 }]);
  await assert.rejects(admit, refusedWith(3021));
  await report(connector, url, [registration('host-1')]);
  assert.equal((await admit()).redeemer, 'zurich-1');
});

test('B-R5e a connector speaks for its own location, and a session host is what the site says', async (t) => {
  const { root, url, connector, ask } = await broker(t);
  const elsewhere = await root.component('connector', 'bern-1', 'bern');
  await assert.rejects(ask(elsewhere), refusedWith('forbidden_caller'));
  await assert.rejects(report({ ...elsewhere, location: 'zurich' }, url, []), refusedWith('forbidden_caller'));
  await report(connector, url, [registration('a-stranger')]);
  await assert.rejects(ask(connector), refusedWith(3021));
});

test('B-R5f a session host gets the sessions of the delivery group that the site document gives it, whatever it registers as', async (t) => {
  const { url, connector, ask } = await broker(t);
  const claiming = { ...registration('host-3'), deliveryGroup: 'terminals', maxSessions: 1_000 };
  await report(connector, url, [claiming]);
  await assert.rejects(ask(connector), refusedWith(3021));
  assert.equal((await ask(connector, { resource: named('payroll') })).sessionHost, 'host-3');
});

test('B-R5f what was reported before counts by the newest site document: a session host that moved to another group loses the first one’s sessions', async (t) => {
  const { url, connector, ask, change } = await broker(t);
  await report(connector, url, [registration('host-1')]);
  assert.equal((await ask(connector)).sessionHost, 'host-1');
  const moved = SITE.sessionHosts.map((host) => (host.id === 'host-1' ? { ...host, deliveryGroup: 'payroll' } : host));
  await change({ ...SITE, sessionHosts: moved });
  await assert.rejects(ask(connector), refusedWith(3021));
});

test('an enrolled connector that the site document does not name there reports nothing and brokers nothing', async (t) => {
  const { root, url, connector, ask } = await broker(t);
  await report(connector, url, [registration('host-1')]);
  const unnamed = await root.component('connector', 'zurich-9', 'zurich');
  await assert.rejects(ask(unnamed), refusedWith('forbidden_caller'));
  await assert.rejects(report(unnamed, url, [registration('host-1')]), refusedWith('forbidden_caller'));
});

test('a caller of the wrong role, or none at all, is refused before its body is read', async (t) => {
  const { root, url } = await broker(t);
  const tickets = await root.component('tickets', 'tickets');
  await assert.rejects(cloudCall(tickets, url, CLOUD.enumerate, { user: mara }, options), refusedWith('untrusted_peer'));
  const workspace = await root.component('workspace', 'workspace');
  // Another component's statement over one's own connection.
  const thief: Component = { ...tickets, statement: workspace.statement };
  await assert.rejects(cloudCall(thief, url, CLOUD.enumerate, { user: mara }, options), refusedWith('untrusted_peer'));
});

test('the site document is sent to whoever has another one, and its version to whoever has it', async (t) => {
  const { url, connector } = await broker(t);
  const { document, ...have } = await cloudCall(connector, url, CLOUD.siteDocument, { wait: true }, options);
  assert.equal(parse(AccessRules, document).resources.length, 4);
  assert.deepEqual(await cloudCall(connector, url, CLOUD.siteDocument, { have, wait: false }, options), have);
  const other = { ...have, digest: 'c'.repeat(43) };
  assert.ok('document' in (await cloudCall(connector, url, CLOUD.siteDocument, { have: other, wait: true }, options)));
});

test('B-R1b a connector’s key reads its own location’s part of the site document, and enumerates for nobody', async (t) => {
  const elsewhere: SiteInput = {
    ...SITE,
    deliveryGroups: [...SITE.deliveryGroups, { id: 'vaults', name: 'Vaults' }],
    sessionHosts: [...SITE.sessionHosts, { id: 'host-9', location: 'bern', deliveryGroup: 'vaults' }],
    resources: [
      ...SITE.resources,
      { id: 'vault', name: 'Vault', kind: 'app', protocol: 'ssh', deliveryGroups: ['vaults'], entitled: { groups: ['Auditors'] } },
    ],
  };
  const { root, url, connector } = await broker(t, { site: elsewhere });
  const partOf = async (from: Component) => {
    const { document } = await cloudCall(from, url, CLOUD.siteDocument, { wait: false }, options);
    return document;
  };
  const text = JSON.stringify(await partOf(connector));
  assert.ok(text.includes('host-1'));
  for (const foreign of ['bern', 'host-9', 'vault', 'Auditors', 'handbook', 'Test Workspace']) assert.ok(!text.includes(foreign), foreign);
  const there = parse(AccessRules, await partOf(await root.component('connector', 'bern-1', 'bern')));
  assert.deepEqual([there.sessionHosts.map(({ id }) => id), there.resources.map(({ id }) => id)], [['host-9'], ['vault']]);
  await assert.rejects(cloudCall(connector, url, CLOUD.enumerate, { user: mara }, options), refusedWith('untrusted_peer'));
  await assert.rejects(partOf(await root.component('connector', 'zurich-9', 'zurich')), refusedWith('forbidden_caller'), 'not named there');
});

test('the lease issuer reads who may open what; gateway, ticket service, session host and identity read nothing', async (t) => {
  const { root, url } = await broker(t);
  const ask = (from: Component) => cloudCall(from, url, CLOUD.siteDocument, { wait: false }, options);
  const { document } = await ask(await root.component('lease-issuer', 'lease-issuer'));
  assert.equal(parse(AccessRules, document).resources.length, 4);
  assert.ok(!JSON.stringify(document).includes('handbook'));
  for (const role of ['gateway', 'tickets', 'identity'] as const)
    await assert.rejects(ask(await root.component(role, `a-${role}`)), refusedWith('untrusted_peer'), role);
  await assert.rejects(ask(await root.component('session-host', 'host-1', 'zurich')), refusedWith('untrusted_peer'));
});

test('the Workspace is told nothing about who may open what', async (t) => {
  const { root, url } = await broker(t);
  const workspace = await root.component('workspace', 'workspace');
  const { document } = await cloudCall(workspace, url, CLOUD.siteDocument, { wait: false }, options);
  assert.deepEqual(Object.keys(parse(PortalSettings, document)).sort(), ['continuity', 'portal', 'webApps']);
});

test('a block reaches the broker by itself: the root of trust tells whoever waits', async (t) => {
  const { root, url, connector, ask } = await broker(t);
  await report(connector, url, [registration('host-1')]);
  await root.admin('POST', '/v1/admin/blocks', { target: { kind: 'user', user: mara.subject }, days: 1, anyway: true });
  const heard = async (): Promise<void> => {
    const refused = await ask(connector).then(
      () => false,
      (thrown: unknown) => refusedWith('blocked')(thrown),
    );
    return refused ? undefined : heard();
  };
  await heard();
});
