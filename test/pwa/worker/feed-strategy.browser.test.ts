/** The real worker in the real browser: what the copy holds after every way to fail, and what the page shows. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { CDPSession, Page } from 'puppeteer';
import { openPage } from '../../open-page.ts';
import { patience } from '../../patience.ts';
import { openVisit, type Rig, startRig, type Visit } from '../portal-in-browser.ts';
import type { FeedMood, Mood } from '../workspace-peer.ts';

let rig: Rig;
before(async () => {
  rig = await startRig();
});
after(() => rig.stop());

const MARA = 'mara-keller-1';
const APPS = '/kept/mara-keller-1/apps';

async function visited(): Promise<Visit> {
  const visit = await openVisit(rig, MARA);
  await visit.page.goto(visit.peer.origin);
  await visit.says('Online');
  await visit.kept();
  return visit;
}

/** Name of the first app in the copy at this place, or `undefined` without one. */
function inCopy({ page }: Visit, place = APPS): Promise<string | undefined> {
  return page.evaluate(async (at) => {
    const kept = await caches.match(at, { cacheName: 'holdfast-feeds-1' });
    return kept === undefined ? undefined : (await kept.json()).document.resources[0]?.name;
  }, place);
}

async function copyBecomes(visit: Visit, name: string | undefined): Promise<void> {
  await visit.page.waitForFunction(
    async (at, wanted) => {
      const kept = await caches.match(at, { cacheName: 'holdfast-feeds-1' });
      return (kept === undefined ? undefined : (await kept.json()).document.resources[0]?.name) === wanted;
    },
    { polling: 20, timeout: patience(10_000) },
    APPS,
    name,
  );
}

/** The Workspace's list has another first app from now on. */
function publish({ peer }: Visit, name: string): void {
  const document = peer.documents.get('apps');
  const first = document?.resources[0];
  if (document === undefined || first === undefined) throw new Error('no list');
  peer.documents.set('apps', { ...document, resources: [{ ...first, name }] });
}

/** One ask for the list, as a page makes it: the cause of a copy, and what the answer holds. */
function ask({ page }: Visit): Promise<{ cause: string | null; status: number; first: string | undefined }> {
  return page.evaluate(async () => {
    const answer = await fetch('/api/v1/feeds/apps', { redirect: 'manual', cache: 'no-cache' });
    const text = await answer.text().catch(() => '');
    let first: string | undefined;
    try {
      first = JSON.parse(text).document.resources[0].name;
    } catch {
      first = undefined;
    }
    return { cause: answer.headers.get('holdfast-copy'), status: answer.status, first };
  });
}

/** From now on answers to this path wait for `release`; `arrived` resolves with the first request. */
function hold({ peer }: Visit, path = '/api/v1/feeds/apps'): { readonly arrived: Promise<void>; release(): void } {
  const arrival = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  peer.held.set(path, () => {
    arrival.resolve();
    return end.promise;
  });
  return { arrived: arrival.promise, release: end.resolve };
}

const press = (page: Page, name: string): Promise<void> => page.locator(`::-p-aria([name="${name}"][role="button"])`).click();

/** Its state in words begins with this. */
async function stateBecomes(page: Page, words: string): Promise<void> {
  await page.waitForFunction(
    (said) => document.querySelector('.brand .state')?.textContent?.startsWith(said),
    { polling: 20, timeout: patience(10_000) },
    words,
  );
}

async function secondTab({ page, peer }: Visit): Promise<Page> {
  const other = await openPage(page.browserContext());
  await other.goto(peer.origin);
  await stateBecomes(other, 'Online');
  return other;
}

/** The worker as the debugger sees it. */
async function workers({ page, peer }: Visit): Promise<{ cdp: CDPSession; versionId: string; registrationId: string }> {
  const cdp = await page.createCDPSession();
  const found = new Promise<{ versionId: string; registrationId: string }>((resolve) => {
    cdp.on('ServiceWorker.workerVersionUpdated', ({ versions }) => {
      const active = versions.find(({ status, scriptURL }) => status === 'activated' && scriptURL.startsWith(peer.origin));
      if (active !== undefined) resolve(active);
    });
  });
  await cdp.send('ServiceWorker.enable');
  return { cdp, ...(await found) };
}

describe('an outage never replaces the copy, and is answered from it with its cause', () => {
  const moods: readonly (readonly [Mood, string])[] = [
    ['hang', 'timeout'],
    ['captive', 'not-ours'],
    ['forbidden', 'not-ours'],
    ['error', 'server-error'],
  ];
  for (const [mood, cause] of moods) {
    test(mood, async () => {
      await using visit = await visited();
      publish(visit, 'Newer');
      visit.peer.mood = mood;
      assert.deepEqual(await ask(visit), { cause, status: 200, first: 'Build server' });
      assert.equal(await inCopy(visit), 'Build server');
    });
  }
  const feedMoods: readonly (readonly [FeedMood, string])[] = [
    ['truncated', 'bad-document'],
    ['unmarked-empty', 'not-ours'],
    ['foreign-empty', 'not-authenticated'],
    ['redirected', 'not-ours'],
    ['error', 'server-error'],
  ];
  for (const [mood, cause] of feedMoods) {
    test(mood, async () => {
      await using visit = await visited();
      visit.peer.feedMoods.set('apps', mood);
      assert.deepEqual(await ask(visit), { cause, status: 200, first: 'Build server' });
      assert.equal(await inCopy(visit), 'Build server');
      await visit.page.reload();
      await visit.says('Online, in part');
      assert.equal(await visit.page.$$eval('.tile-open', (tiles) => tiles.length), 11);
    });
  }
  test('server killed', async () => {
    await using visit = await visited();
    await visit.peer.stop();
    assert.deepEqual(await ask(visit), { cause: 'network', status: 200, first: 'Build server' });
    assert.equal(await inCopy(visit), 'Build server');
    await visit.peer.start();
  });
});

test('a list that another person gets is not kept under the owner’s name, nor under theirs', async () => {
  await using visit = await visited();
  visit.become('jon-brunner-2');
  assert.equal((await ask(visit)).cause, 'not-authenticated');
  assert.equal(await inCopy(visit), 'Build server');
  assert.equal(await inCopy(visit, '/kept/jon-brunner-2/apps'), undefined);
});

describe('a list that the Workspace gives while the person signs out is not kept', () => {
  for (const tabs of [1, 2]) {
    test(tabs === 1 ? 'asked for in the same tab' : 'asked for in another tab', async () => {
      await using visit = await visited();
      const other = tabs === 1 ? visit.page : await secondTab(visit);
      publish(visit, 'Newer');
      const list = hold(visit);
      const asked = ask({ ...visit, page: other });
      await list.arrived;
      await visit.page.bringToFront();
      await press(visit.page, 'MK, account of Mara Keller');
      await press(visit.page, 'Sign out');
      await visit.page.click('dialog#sign-out[open] button:not(.main)');
      await visit.page.waitForSelector('::-p-aria([name="Sign in"][role="button"])');
      list.release();
      // The list, or nothing if this took longer than the feed's deadline.
      await asked;
      assert.equal(await inCopy(visit), undefined);
      assert.equal(await visit.page.evaluate(async () => (await (await caches.open('holdfast-feeds-1')).keys()).length), 0);
    });
  }
});

test('a list that comes late reaches every open tab', async () => {
  await using visit = await visited();
  const other = await secondTab(visit);
  publish(visit, 'Newer');
  const list = hold(visit);
  await Promise.all([visit.page.reload(), other.reload()]);
  for (const tab of [visit.page, other]) await stateBecomes(tab, 'Online, in part');
  list.release();
  for (const tab of [visit.page, other]) {
    await tab.waitForFunction(() => [...document.querySelectorAll('.tile-open')].some(({ textContent }) => textContent === 'Newer'), {
      polling: 20,
      timeout: patience(10_000),
    });
  }
});

test('a worker that hangs costs the list no more than the page’s own deadline', async () => {
  await using visit = await visited();
  const target = await visit.page.browserContext().waitForTarget((one) => one.type() === 'service_worker');
  const worker = await target.createCDPSession();
  await worker.send('Debugger.enable');
  await worker.send('Debugger.pause');
  await visit.page.reload();
  await visit.says('Online, in part');
  assert.equal(await visit.page.$$eval('.tile-open', (tiles) => tiles.length), 11);
  await worker.send('Debugger.disable');
});

describe('copies stay fresh without being asked for', () => {
  test('when the extension says that the Workspace is back', async () => {
    await using visit = await visited();
    publish(visit, 'Newer');
    await visit.tell({ event: 'workspace', workspace: visit.peer.origin, state: 'back' });
    await copyBecomes(visit, 'Newer');
  });

  test('by periodic sync', async () => {
    await using visit = await visited();
    const { cdp, registrationId } = await workers(visit);
    publish(visit, 'Newer');
    await cdp.send('ServiceWorker.dispatchPeriodicSyncEvent', { origin: visit.peer.origin, registrationId, tag: 'holdfast-feeds' });
    await copyBecomes(visit, 'Newer');
  });

  test('after the worker was stopped: the next ask starts it, and the copy is whole', async () => {
    await using visit = await visited();
    const { cdp, versionId } = await workers(visit);
    publish(visit, 'Newer');
    const asked = ask(visit);
    await cdp.send('ServiceWorker.stopWorker', { versionId });
    await asked.catch(() => undefined);
    assert.match((await inCopy(visit)) ?? '', /^(?:Build server|Newer)$/u);
    await ask(visit);
    await copyBecomes(visit, 'Newer');
  });

  test('and are restored once the browser threw them away', async () => {
    await using visit = await visited();
    await visit.page.evaluate(async () => {
      for (const name of ['holdfast-owner-1', 'holdfast-feeds-1']) await caches.delete(name);
    });
    await visit.page.reload();
    await visit.says('Online');
    await copyBecomes(visit, 'Build server');
    await press(visit.page, 'MK, account of Mara Keller');
    await press(visit.page, 'Download logs');
    await visit.until(() => document.body.textContent?.includes('Logs saved') === true);
    const lines = (await visit.extensionAsked()).find(({ type }) => type === 'logs')?.body['lines'];
    assert.match(JSON.stringify(lines), /feed copies: the browser threw them away, fetched again/u);
  });

  test('by a first visit, which asks twice at most', async () => {
    await using visit = await visited();
    assert.ok(visit.peer.asked.filter((call) => call === 'GET /api/v1/feeds/apps').length <= 2);
  });

  test('by a first visit that ends before the worker is ready', async () => {
    await using visit = await openVisit(rig, MARA);
    const shell = hold(visit, '/manifest.webmanifest');
    await visit.page.goto(visit.peer.origin);
    await visit.says('Online');
    await shell.arrived;
    const elsewhere = await openPage(visit.page.browserContext());
    await visit.page.close();
    const list = hold(visit);
    shell.release();
    await list.arrived;
    list.release();
    await elsewhere.goto(`${visit.peer.origin}/auth/sign-in`);
    await copyBecomes({ ...visit, page: elsewhere }, 'Build server');
  });
});

test('a list that comes after the deadline is kept, and shown live', async () => {
  await using visit = await visited();
  publish(visit, 'Newer');
  visit.peer.delayMs = 1_700;
  const { cause } = await ask(visit);
  assert.equal(cause, 'timeout');
  await copyBecomes(visit, 'Newer');
});

test('storage that is full leaves the older copy, and the page says so', async () => {
  await using visit = await visited();
  const cdp = await visit.page.createCDPSession();
  await cdp.send('Storage.overrideQuotaForOrigin', { origin: visit.peer.origin, quotaSize: 1 });
  publish(visit, 'Newer');
  await ask(visit);
  await visit.until(() => document.querySelector('#access-title')?.textContent === 'Your list couldn’t be saved on this device');
  assert.equal(await inCopy(visit), 'Build server');
});
