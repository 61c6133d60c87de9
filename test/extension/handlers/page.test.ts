/** What a portal page may ask, and as whom. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HoldfastError } from '#protocol/errors';
import { LIMITS, VERSION } from '#protocol/limits';
import type { World } from '../../../extension/world/world.ts';
import {
  type Beginning,
  type BrowserInMemory,
  openBrowser,
  type PageEnd,
  pageEnd,
  settle,
  startWorker,
  WORKSPACE,
} from '../browser-in-memory.ts';

const TAB = 7;
const SUBJECT = 'mara-keller-1';
const MAIN_FRAME = { tab: { id: TAB }, frameId: 0, url: `${WORKSPACE}/` };

interface Visit {
  readonly browser: BrowserInMemory;
  readonly world: World;
  readonly page: PageEnd;
  /** the reply to a request of this type */
  ask(type: string, body: object, v?: number): Promise<Record<string, unknown>>;
}

async function visit(begin: Beginning = {}): Promise<Visit> {
  const { pageSender, servePage } = await import('../../../extension/handlers/page.ts');
  const browser = openBrowser(begin);
  const world = await startWorker();
  const page = pageEnd('page', MAIN_FRAME);
  const sender = pageSender(page.port, world);
  assert.ok(sender !== null);
  servePage(page.port, sender, world);
  await settle();
  let id = 0;
  const ask: Visit['ask'] = async (type, body, v = VERSION.host) => {
    id += 1;
    await page.say({ v, id, type, body });
    return page.heard.find((said) => Reflect.get(Object(said), 'id') === id) as Record<string, unknown>;
  };
  return { browser, world, page, ask };
}

const errorOf = (reply: unknown): unknown => Reflect.get(Object(Reflect.get(Object(reply), 'error')), 'code');

describe('who a page is', () => {
  const SENDERS: Readonly<Record<string, readonly [sender: object | undefined, known: boolean]>> = {
    'a tab’s own page on a Workspace’s origin': [MAIN_FRAME, true],
    'a frame inside such a page': [{ ...MAIN_FRAME, frameId: 1 }, false],
    'a page outside any tab': [{ frameId: 0, url: `${WORKSPACE}/` }, false],
    'another origin’s page': [{ ...MAIN_FRAME, url: 'https://other.example/' }, false],
    'a name that only begins like a Workspace’s': [{ ...MAIN_FRAME, url: `${WORKSPACE}.other.example/` }, false],
    'a page without an address': [{ tab: { id: TAB }, frameId: 0 }, false],
    'nobody that the browser names': [undefined, false],
  };
  for (const [name, [sender, known]] of Object.entries(SENDERS)) {
    test(`${name}: ${known ? 'a portal' : 'no portal'}`, async () => {
      const { pageSender } = await import('../../../extension/handlers/page.ts');
      openBrowser();
      const world = await startWorker();
      const found = pageSender(pageEnd('page', sender).port, world);
      assert.deepEqual(found, known ? { tab: TAB, workspace: WORKSPACE } : null);
    });
  }

  test('the host is asked for the Workspace that the browser names, whatever the page writes', async () => {
    const { ask, browser } = await visit({ host: { sessions: () => ({ sessions: [] }) } });
    assert.deepEqual((await ask('sessions', { workspace: 'https://other.example', subject: SUBJECT }))['body'], { sessions: [] });
    assert.deepEqual(browser.asked.findLast(({ type }) => type === 'sessions')?.body, { workspace: WORKSPACE, subject: SUBJECT });
  });
});

describe('a page’s request', () => {
  test('goes to the host as far as it has the host’s shape', async () => {
    const { ask, browser, page } = await visit({ host: { sessions: () => ({ sessions: [] }) } });
    assert.equal(errorOf(await ask('sessions', { subject: 5 })), 'bad_request');
    await ask('hello', { extension: 'x', v: 1, profile: 'p'.repeat(22) });
    assert.equal(errorOf(page.heard.at(-1)), 'bad_request');
    assert.deepEqual(
      browser.asked.filter(({ type }) => type === 'sessions'),
      [],
    );
  });

  test('is refused with the host’s own words, and an ID to find it by', async () => {
    const sessions = (): never => {
      throw new HoldfastError('not_signed_in', { reason: 'not-bound' });
    };
    const { ask, world } = await visit({ host: { sessions } });
    const { error } = await ask('sessions', { subject: SUBJECT });
    const { code, reason, correlationId } = Object(error);
    assert.deepEqual([code, reason], ['not_signed_in', 'not-bound']);
    assert.ok(world.log.lines().some((line) => line.includes(String(correlationId))));
  });

  test('may be of the version before this one, and no larger than eight native messages', async () => {
    const { ask, page } = await visit();
    assert.deepEqual((await ask('portalState', { state: 'online' }, VERSION.host - 1))['body'], {});
    const most = LIMITS.nativeMessageBytes * 8;
    const empty = JSON.stringify({ v: VERSION.host, id: 2, type: 'portalState', body: { state: 'online', more: '' } }).length;
    assert.deepEqual((await ask('portalState', { state: 'online', more: 'x'.repeat(most - empty) }))['body'], {});
    await ask('portalState', { state: 'online', more: 'x'.repeat(most - empty + 1) });
    assert.equal(errorOf(page.heard.at(-1)), 'too_large');
  });
});

test('a portal says how it stands: the watch ends, its name and its list’s length are kept', async () => {
  const { ask, browser, world } = await visit({ host: { status: () => STATUS } });
  world.watches.event(TAB, { type: 'workspace', workspace: WORKSPACE, host: 'workspace.example', navigation: 1, by: 'person' });
  assert.equal(world.watches.state(TAB).is, 'watching');
  await ask('portalState', { state: 'online', workspaceName: 'Contoso Workspace', resources: 15 });
  assert.equal(world.watches.state(TAB).is, 'idle');
  assert.equal(world.workspaces.nameOf(WORKSPACE), 'Contoso Workspace');
  assert.equal(world.facts.saved(WORKSPACE)?.listed, 15);
  assert.deepEqual(world.portals.all(), [{ tab: TAB, workspace: WORKSPACE, report: 'online' }]);
  assert.equal(browser.button.words, 'Ready: Contoso Workspace, host answers');
});

const STATUS = {
  leases: { valid: 9, ended: 0, resources: 9 },
  sync: { state: 'succeeded' },
  viewers: [],
  clockLooksWrong: false,
};

for (const [health, body] of [
  ['up', {}],
  ['identity-down', { cause: 'unreachable' }],
  [503, { cause: 'server-error' }],
  ['refused', { cause: 'unreachable' }],
] as const) {
  test(`B-W7e a look at a Workspace that is ${health} says so`, async () => {
    const { ask, browser, page } = await visit({ health });
    await ask('health', {});
    await browser.pass(1_500);
    assert.deepEqual(page.heard.at(-1), { id: 1, body });
  });
}

test('B-E8a the logs of extension, page and host come in one file, in order of time, with their IDs', async () => {
  const { ask, browser } = await visit({
    host: { logs: () => ({ lines: ['2027-01-15T08:00:00.000Z host aaaa-bbbb-cccc a line of the host'] }) },
  });
  const { body } = await ask('logs', {
    lines: [
      '2027-01-15T08:00:01.000Z portal aaaa-bbbb-cccc a later line of the page',
      '2027-01-15T07:59:59.000Z portal - a line of the page',
    ],
  });
  const text = String(Reflect.get(Object(body), 'text'));
  assert.match(text, / - a line of the page\n[\s\S]* aaaa-bbbb-cccc a line of the host\n[\s\S]* aaaa-bbbb-cccc a later line of the page/u);
  assert.match(text, /extension worker started/u);
  assert.deepEqual(browser.asked.findLast(({ type }) => type === 'logs')?.body, { offset: 0, workspace: WORKSPACE });
});

test('a portal that is open holds the host’s port; once it is gone the port closes, and no portal is counted', async () => {
  const { browser, page, world } = await visit();
  assert.deepEqual([browser.open, page.heard], [true, [{ event: 'host', state: 'ready' }]]);
  await browser.pass(60_000);
  assert.equal(browser.open, true);
  await page.leave();
  assert.deepEqual(world.portals.all(), []);
  assert.equal(browser.button.words, 'No Workspace open');
  await browser.pass(20_000);
  assert.equal(browser.open, false);
});

test('a portal that comes later is told at once how the host is', async () => {
  const { page: first, world } = await visit();
  const { pageSender, servePage } = await import('../../../extension/handlers/page.ts');
  const second = pageEnd('page', { ...MAIN_FRAME, tab: { id: TAB + 1 } });
  const sender = pageSender(second.port, world);
  assert.ok(sender !== null);
  servePage(second.port, sender, world);
  assert.deepEqual(second.heard, [{ event: 'host', state: 'ready' }]);
  assert.equal(first.heard.length, 1);
});
