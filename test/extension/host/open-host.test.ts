/** What the host says, and to whom it is told. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pageSender, servePage } from '../../../extension/handlers/page.ts';
import type { World } from '../../../extension/world/world.ts';
import { type Beginning, openBrowser, pageEnd, settle, startWorker, WORKSPACE } from '../browser-in-memory.ts';

const OTHER = 'https://other.example';
const WORKSPACES = [WORKSPACE, OTHER].map((url) => ({ url, name: url }));
const STATUS = { leases: { valid: 9, ended: 0, resources: 9 }, sync: { state: 'succeeded' }, viewers: [], clockLooksWrong: false };
const HOST = { hello: () => ({ host: 'test', v: 1, workspaces: WORKSPACES }), status: () => STATUS };
const MISSING = 'Specified native messaging host not found.';

async function worker(begin: Beginning = {}) {
  const browser = openBrowser({ host: HOST, local: { workspaces: WORKSPACES }, ...begin });
  const world = await startWorker();
  return { browser, world };
}

/** A portal of this Workspace in a tab of its own; what it hears. */
function portal(world: World, tab: number, workspace: string): readonly unknown[] {
  const page = pageEnd('page', { tab: { id: tab }, frameId: 0, url: `${workspace}/` });
  const sender = pageSender(page.port, world);
  assert.ok(sender !== null);
  servePage(page.port, sender, world);
  return page.heard;
}

describe('each open portal', () => {
  test('hears that the host is ready, and the host is asked what is saved for it', async () => {
    const { browser, world } = await worker();
    const heard = [portal(world, 7, WORKSPACE), portal(world, 8, OTHER)];
    await settle();
    assert.deepEqual(heard, [[{ event: 'host', state: 'ready' }], [{ event: 'host', state: 'ready' }]]);
    const asked = browser.asked.filter(({ type }) => type === 'status').map(({ body }) => body['workspace']);
    assert.deepEqual(asked, [WORKSPACE, OTHER]);
  });

  test('that outlived its worker has the host asked once it is ready, and not before', async () => {
    const { browser, world } = await worker({ session: { portals: { 7: { workspace: WORKSPACE, report: 'online' } } } });
    await world.host.look();
    await settle();
    assert.deepEqual(
      browser.asked.map(({ type }) => type),
      ['status'],
    );
  });

  test('keeps what is known to be saved while the host’s port is opened again', async () => {
    const { browser, world } = await worker({ session: { portals: { 7: { workspace: WORKSPACE, report: 'online' } } } });
    const release = world.host.hold();
    await settle();
    release();
    await browser.pass(20_000);
    assert.deepEqual(world.host.state(), { state: 'closed' });
    const opened = world.host.look();
    await Promise.resolve();
    assert.deepEqual([world.host.state().state, world.facts.saved(WORKSPACE)?.valid], ['connecting', 9]);
    await opened;
  });

  test('hears of its own Workspace only', async () => {
    const { browser, world } = await worker();
    const [mine, other] = [portal(world, 7, WORKSPACE), portal(world, 8, OTHER)];
    await settle();
    const event = { event: 'sync', workspace: OTHER, subject: 'mara-keller-1', status: { state: 'running' } };
    browser.hostSays(event);
    assert.deepEqual([mine.length, other.at(-1)], [1, event]);
  });

  test('has the host asked again once a sync is over, and not while it runs', async () => {
    const { browser, world } = await worker();
    portal(world, 7, WORKSPACE);
    await settle();
    const asked = () => browser.asked.filter(({ type }) => type === 'status').length;
    const sync = async (state: string) => {
      browser.hostSays({ event: 'sync', workspace: WORKSPACE, subject: 'mara-keller-1', status: { state } });
      await settle();
    };
    const before = asked();
    await sync('running');
    assert.equal(asked(), before);
    await sync('succeeded');
    assert.equal(asked(), before + 1);
    const reachability = { event: 'reachability', workspace: WORKSPACE, subject: 'mara-keller-1', reachability: [], refusals: [] };
    browser.hostSays(reachability);
    await settle();
    assert.equal(asked(), before + 1);
  });
});

describe('B-E9a a host that is missing', () => {
  test('is told to a portal, and asked for nothing', async () => {
    const { browser, world } = await worker({ host: MISSING });
    const heard = portal(world, 7, WORKSPACE);
    await settle();
    assert.deepEqual(
      heard.map((said) => Reflect.get(Object(said), 'state')),
      ['missing'],
    );
    assert.deepEqual(browser.asked, []);
  });

  test('is still known to a worker that starts anew, until it answers', async () => {
    const { browser, world } = await worker({ host: MISSING });
    portal(world, 7, WORKSPACE);
    await settle();
    const next = await worker({ session: { host: browser.session.get('host') } });
    const state = next.world.host.state();
    assert.ok('error' in state);
    assert.deepEqual([state.state, state.error.code], ['missing', 'host_missing']);
    assert.equal(next.browser.button.icon, 'icons/host-16.png');
    await next.world.host.look();
    await settle();
    assert.equal(next.browser.session.get('host'), null);
  });

  test('that nobody has looked for yet is not called missing', async () => {
    const { world } = await worker({ session: { host: 'noise' } });
    assert.deepEqual(world.host.state(), { state: 'closed' });
  });
});
