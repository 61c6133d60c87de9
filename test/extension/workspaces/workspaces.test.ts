/** Which Workspaces there are and how long a sign-in may take, over the worker's starts. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Beginning, openBrowser, settle, startWorker, WORKSPACE } from '../browser-in-memory.ts';

const OTHER = 'https://other.example';
const POLICY = { workspaces: [{ url: OTHER, name: 'Other' }], loginTimeout: { on: true, seconds: 60, locked: true } };

async function worker(begin: Beginning = {}) {
  const browser = openBrowser(begin);
  return { browser, ...(await startWorker()) };
}

test('a page belongs to a Workspace by its origin', async () => {
  const { workspaces } = await worker();
  assert.equal(workspaces.workspaceOf(`${WORKSPACE}/list?x=1`), WORKSPACE);
  assert.equal(workspaces.workspaceOf(`${OTHER}/?next=${WORKSPACE}`), null);
  assert.equal(workspaces.workspaceOf('about:blank'), null);
  assert.equal(workspaces.workspaceOf(''), null);
});

test('a Workspace has the name that its portal says, else the one that it was set up with, else its address', async () => {
  const { workspaces } = await worker();
  assert.deepEqual([workspaces.nameOf(WORKSPACE), workspaces.nameOf(OTHER)], ['Contoso', OTHER]);
  workspaces.named(WORKSPACE, 'Contoso Workspace');
  assert.equal(workspaces.nameOf(WORKSPACE), 'Contoso Workspace');
});

describe('B-E11a the administrator’s policy', () => {
  test('that has not been loaded yet is the one that was last known', async () => {
    const { workspaces } = await worker({ local: { policy: POLICY } });
    assert.deepEqual(
      workspaces.all().map(({ url }) => url),
      [OTHER, WORKSPACE],
    );
    assert.deepEqual([workspaces.timeout().seconds, workspaces.managed()], [60, true]);
  });

  test('that is there counts before the one that was last known', async () => {
    const { workspaces } = await worker({ managed: { loginTimeout: { seconds: 45 } }, local: { policy: POLICY } });
    assert.deepEqual([workspaces.timeout(), workspaces.all().length], [{ on: true, seconds: 45, locked: false }, 1]);
  });

  test('that is withdrawn is no longer known', async () => {
    const { browser, workspaces } = await worker({ managed: POLICY });
    browser.managed = {};
    await workspaces.policyChanged();
    assert.deepEqual([workspaces.managed(), workspaces.timeout().locked, browser.local.get('policy')], [false, false, {}]);
  });

  test('that changes is kept for the next start', async () => {
    const { browser, workspaces } = await worker();
    assert.equal(workspaces.managed(), false);
    browser.managed = POLICY;
    await workspaces.policyChanged();
    assert.deepEqual([workspaces.managed(), browser.local.get('policy')], [true, POLICY]);
  });
});

describe('the host’s list of Workspaces', () => {
  const hello = (url: string) => ({ host: 'test', v: 1, workspaces: [{ url, name: 'New' }] });
  test('is kept for the next start, and the bridge follows it', async () => {
    const { browser, workspaces } = await worker();
    await workspaces.fromHost(hello(OTHER));
    assert.deepEqual(browser.local.get('workspaces'), [{ url: OTHER, name: 'New' }]);
    assert.deepEqual(browser.bridge.matches, [`${OTHER}/*`]);
    browser.local.delete('workspaces');
    await workspaces.fromHost(hello(OTHER));
    assert.equal(browser.local.has('workspaces'), false, 'nothing has changed');
  });

  test('that is empty takes the bridge away', async () => {
    const { browser, workspaces } = await worker();
    await workspaces.begin();
    assert.deepEqual(browser.bridge.matches, [`${WORKSPACE}/*`]);
    await workspaces.fromHost({ host: 'test', v: 1, workspaces: [] });
    assert.deepEqual(browser.bridge.matches, []);
  });

  test('two changes at once are followed one after the other', async () => {
    const { browser, workspaces } = await worker();
    await Promise.all([workspaces.fromHost(hello(OTHER)), workspaces.fromHost(hello('https://third.example'))]);
    assert.deepEqual(browser.bridge.matches, ['https://third.example/*']);
  });
});

test('B-E1a the person’s timeout is the next worker’s, too', async () => {
  const { browser, workspaces } = await worker();
  await workspaces.setTimeout({ on: false, seconds: 15 });
  await settle();
  const next = await worker({ local: Object.fromEntries(browser.local) });
  assert.deepEqual(next.workspaces.timeout(), { on: false, seconds: 15, locked: false });
});
