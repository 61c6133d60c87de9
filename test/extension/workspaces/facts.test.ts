/** What the extension knows of a Workspace: by its health document, and by the host. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Beginning, openBrowser, pageEnd, settle, startWorker, WORKSPACE } from '../browser-in-memory.ts';

const STATUS = {
  leases: { valid: 9, ended: 2, resources: 11, opens: 7 },
  sync: { state: 'succeeded', lastSuccess: 5 },
  viewers: [
    { protocol: 'rdp', name: 'FreeRDP', found: true },
    { protocol: 'vnc', name: 'TigerVNC', found: false },
  ],
  clockLooksWrong: false,
};

async function world(begin: Beginning = {}) {
  const browser = openBrowser({ host: { status: () => STATUS }, ...begin });
  return { browser, ...(await startWorker()) };
}

describe('what the host says is saved', () => {
  test('is counted as the portal counts, and a missing viewer comes with what to do', async () => {
    const { facts } = await world();
    await facts.askHost(WORKSPACE);
    const saved = facts.saved(WORKSPACE);
    assert.deepEqual(
      [saved?.valid, saved?.ended, saved?.opens, saved?.lastSuccess, saved?.failure, saved?.listed],
      [9, 2, 7, 5, undefined, undefined],
    );
    assert.deepEqual(saved?.viewers[0], { found: true, protocol: 'rdp', name: 'FreeRDP' });
    const missing = saved?.viewers[1];
    assert.ok(missing?.found === false);
    assert.ok(missing.remedy.length > 0);
    assert.match(missing.details, /missing_viewer/u);
  });

  test('without a word on what opens, all that is valid does', async () => {
    const { facts } = await world({ host: { status: () => ({ ...STATUS, leases: { valid: 9, ended: 2, resources: 11 } }) } });
    await facts.askHost(WORKSPACE);
    assert.equal(facts.saved(WORKSPACE)?.opens, 9);
  });

  test('a renewal that failed is told, one that goes on again is not', async () => {
    const error = { code: 'unavailable' };
    for (const [state, told] of [
      ['failed', true],
      ['running', false],
    ] as const) {
      const { facts } = await world({ host: { status: () => ({ ...STATUS, sync: { state, error } }) } });
      await facts.askHost(WORKSPACE);
      assert.equal(facts.saved(WORKSPACE)?.failure !== undefined, told, state);
    }
  });

  test('is not known any more once the host does not say it', async () => {
    const { browser, facts } = await world();
    await facts.askHost(WORKSPACE);
    browser.host = {};
    await facts.askHost(WORKSPACE);
    assert.equal(facts.saved(WORKSPACE), null);
  });

  test('B-E2g decides whether a window or the icon asks at the deadline', async () => {
    for (const [valid, is] of [
      [1, 'prompting'],
      [0, 'watching'],
    ] as const) {
      const { browser, watches } = await world({ host: { status: () => ({ ...STATUS, leases: { valid, ended: 0, resources: 1 } }) } });
      watches.event(7, { type: 'workspace', workspace: WORKSPACE, host: 'workspace.example', navigation: 1, by: 'person' });
      await browser.pass(30_000);
      assert.equal(watches.state(7).is, is);
      const more = valid > 0 ? 'a window offers to work offline' : 'nothing is saved on this device to work offline with';
      assert.deepEqual(browser.button, { icon: 'icons/none-16.png', words: `Contoso: still signing in; ${more}`, badge: '!' });
    }
  });
});

describe('the length of a portal’s list', () => {
  test('is kept on disk, and written when it changes', async () => {
    const { browser, facts } = await world();
    facts.listed(WORKSPACE, 15);
    await settle();
    assert.deepEqual(browser.local.get('facts'), { [WORKSPACE]: { lastSeen: 0, listed: 15 } });
    browser.local.delete('facts');
    facts.listed(WORKSPACE, 15);
    await settle();
    assert.equal(browser.local.has('facts'), false);
    facts.listed(WORKSPACE, 16);
    await settle();
    assert.deepEqual(browser.local.get('facts'), { [WORKSPACE]: { lastSeen: 0, listed: 16 } });
  });

  test('does not forget when the Workspace was last heard, and the other way round', async () => {
    const { browser, facts } = await world({ local: { facts: { [WORKSPACE]: { lastSeen: 5, listed: 3 } } } });
    await facts.askHost(WORKSPACE);
    assert.equal(facts.saved(WORKSPACE)?.listed, 3);
    facts.listed(WORKSPACE, 4);
    await settle();
    assert.deepEqual(browser.local.get('facts'), { [WORKSPACE]: { lastSeen: 5, listed: 4 } });
    const looked = facts.look(WORKSPACE);
    await browser.pass(100);
    await looked;
    const { lastSeen, listed } = (browser.local.get('facts') as Record<string, { lastSeen: number; listed: number }>)[WORKSPACE] ?? {};
    assert.equal(listed, 4);
    assert.ok((lastSeen ?? 0) > 5);
  });
});

describe('a look at the Workspace', () => {
  const look = async (begin: Beginning) => {
    const { browser, facts } = await world(begin);
    assert.deepEqual(facts.health(WORKSPACE), { state: 'looking' });
    const verdict = facts.look(WORKSPACE);
    await browser.pass(1_500);
    await verdict;
    return { browser, facts };
  };

  test('is remembered as it came out', async () => {
    assert.equal((await look({ health: 'up' })).facts.health(WORKSPACE).state, 'live');
    assert.equal((await look({ health: 'identity-down' })).facts.health(WORKSPACE).state, 'identity-down');
    const { state, cause } = Object((await look({ health: 503 })).facts.health(WORKSPACE));
    assert.deepEqual([state, cause], ['silent', 'server-error']);
  });

  test('B-E6b that hangs is a silence after 1.4 s, and not before', async () => {
    const { browser, facts } = await world({ health: 'hangs' });
    const verdict = facts.look(WORKSPACE);
    await browser.pass(1_300);
    assert.equal(facts.health(WORKSPACE).state, 'looking');
    await browser.pass(100);
    assert.deepEqual(await verdict, { up: false, cause: 'timeout' });
  });

  test('B-E6b one lost request is none: the second one 700 ms later counts', async () => {
    const { browser, facts } = await world({ health: 'refused' });
    const verdict = facts.look(WORKSPACE);
    await browser.pass(600);
    assert.equal(browser.looks, 1);
    browser.health = 'up';
    await browser.pass(100);
    assert.equal((await verdict).up, true);
    assert.equal(browser.looks, 2);
  });

  test('is made once, however many ask for it at a time', async () => {
    const { browser, facts } = await world();
    const both = Promise.all([facts.look(WORKSPACE), facts.look(WORKSPACE)]);
    await browser.pass(100);
    await both;
    assert.equal(browser.looks, 1);
    const later = facts.look(WORKSPACE);
    await browser.pass(100);
    await later;
    assert.equal(browser.looks, 2);
  });

  test('B-W7c that finds an outage over tells the open portals, once', async () => {
    const { servePage, pageSender } = await import('../../../extension/handlers/page.ts');
    const { browser, ...worker } = await world({ health: 'refused' });
    const page = pageEnd('page', { tab: { id: 7 }, frameId: 0, url: `${WORKSPACE}/` });
    const sender = pageSender(page.port, worker);
    assert.ok(sender !== null);
    servePage(page.port, sender, worker);
    const look = async () => {
      const verdict = worker.facts.look(WORKSPACE);
      await browser.pass(1_500);
      await verdict;
    };
    const backs = () => page.heard.filter((said) => Reflect.get(Object(said), 'state') === 'back').length;
    await look();
    assert.equal(backs(), 0);
    browser.health = 'up';
    await look();
    assert.equal(backs(), 1);
    await look();
    assert.equal(backs(), 1);
  });
});

describe('a sign-in that begins has the Workspace looked at', () => {
  const begin = async (more: Beginning) => {
    const { browser, watches } = await world(more);
    watches.event(7, { type: 'workspace', workspace: WORKSPACE, host: 'workspace.example', navigation: 1, by: 'person' });
    return { browser, watches };
  };
  test('B-E6b a silence brings the window, with its cause', async () => {
    const { browser, watches } = await begin({ health: 503 });
    await browser.pass(1_500);
    const state = watches.state(7);
    assert.ok(state.is === 'prompting' && state.reason.why === 'outage');
    const { kind, host, cause, status } = state.reason.evidence;
    assert.deepEqual([kind, host, cause, status], ['silent', 'workspace.example', 'server-error', 503]);
  });

  test('B-E6c so does its word that the sign-in is down, once the tab is there', async () => {
    const { browser, watches } = await begin({ health: 'identity-down' });
    await browser.pass(1_500);
    assert.equal(watches.state(7).is, 'watching');
    watches.event(7, { type: 'hop', host: 'login.example' });
    const state = watches.state(7);
    assert.ok(state.is === 'prompting' && state.reason.why === 'outage');
    assert.equal(state.reason.evidence.kind, 'identity');
  });

  test('B-E6d a Workspace that answers brings none', async () => {
    const { browser, watches } = await begin({});
    await browser.pass(1_500);
    assert.equal(watches.state(7).is, 'watching');
  });
});
