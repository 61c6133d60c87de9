/** A sign-out at every moment of a write, with a Cache Storage that can be held. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type FeedDocument, MARKER_HEADER } from '#protocol/feed';
import { openFeedCopies } from '../../../pwa/bridges/cache.ts';
import { removeOwner } from '../../../pwa/bridges/owner.ts';
import { keepFeed, type Pages, refreshFeeds } from '../../../pwa/worker/feed-keeper.ts';
import { startCacheStorage } from '../cache-storage.ts';
import { documentsOf } from '../people.ts';

const MARA = 'mara-keller-1';
const FEEDS = 'holdfast-feeds-1';
const ICONS = 'holdfast-icons-1';
const [apps] = documentsOf(MARA, 1);
if (apps === undefined) throw new Error('no list');

/** `held` is awaited before or after a list is put. */
function startStorage(t: { after(run: () => void): void }, held: (when: 'before' | 'after') => Promise<void>) {
  const storage = startCacheStorage(t, async (when, cache) => {
    if (cache === FEEDS) await held(when);
  });
  const said: unknown[] = [];
  const pages: Pages = { matchAll: async () => [{ postMessage: (words) => void said.push(words) }] };
  return { pages, said, copies: () => storage.places(FEEDS), icons: () => storage.places(ICONS) };
}

const owner = { subject: MARA, feeds: ['apps', 'web'] };

test('the owner’s list is kept, and the pages are told', async (t) => {
  const { pages, said, copies } = startStorage(t, async () => {});
  await openFeedCopies().own(owner);
  await keepFeed(pages, apps);
  assert.deepEqual(copies(), [`/kept/${MARA}/apps`]);
  assert.deepEqual(said, [{ type: 'saved', saved: true }]);
});

for (const moment of ['before', 'after'] as const) {
  test(`a sign-out ${moment} the list is put, while it is being kept: no copy stays`, async (t) => {
    const { pages, said, copies } = startStorage(t, async (when) => {
      if (when === moment) await openFeedCopies().removeAll(MARA);
    });
    await openFeedCopies().own(owner);
    await keepFeed(pages, apps);
    assert.deepEqual(copies(), []);
    assert.deepEqual(said, []);
  });
}

test('a sign-out that has removed only the owner yet: the worker takes its copy back', async (t) => {
  const { pages, copies } = startStorage(t, async (when) => {
    if (when === 'after') await removeOwner();
  });
  await openFeedCopies().own(owner);
  await keepFeed(pages, apps);
  assert.deepEqual(copies(), []);
});

test('another person while the list is being kept: theirs is not made of it', async (t) => {
  const { pages, copies } = startStorage(t, async (when) => {
    if (when === 'before') await openFeedCopies().own({ subject: 'jon-brunner-2', feeds: ['apps'] });
  });
  await openFeedCopies().own(owner);
  await keepFeed(pages, apps);
  assert.deepEqual(copies(), []);
});

test('only a full storage is said to be full', async (t) => {
  for (const [name, words] of [
    ['QuotaExceededError', [{ type: 'saved', saved: false }]],
    ['InvalidStateError', []],
  ] as const) {
    const { pages, said } = startStorage(t, async (when) => {
      if (when === 'before') throw new DOMException('no', name);
    });
    await openFeedCopies().own(owner);
    await keepFeed(pages, apps);
    assert.deepEqual(said, words);
  }
});

/** What the network answers by path; a path that is not there is lost. Whatever was asked for is in `asked`. */
function startNetwork(t: { after(run: () => void): void }, answers: Readonly<Record<string, () => Response>>) {
  const asked: string[] = [];
  const { fetch } = globalThis;
  globalThis.fetch = (async (path: string) => {
    asked.push(path);
    const answer = answers[path]?.();
    if (answer === undefined) throw new TypeError('lost');
    return Object.defineProperty(answer, 'type', { value: 'basic' });
  }) as typeof globalThis.fetch;
  t.after(() => {
    globalThis.fetch = fetch;
  });
  return asked;
}
const ours = (type: string) => ({ [MARKER_HEADER]: '1', 'content-type': type });
const icon = () => new Response('<svg/>', { headers: ours('image/svg+xml') });
const withIcons = (...icons: string[]): FeedDocument => {
  const [resource] = apps.resources;
  return { ...apps, resources: icons.flatMap((path, n) => (resource === undefined ? [] : [{ ...resource, id: `r${n}`, icon: path }])) };
};

describe('B-W3b the icons of a list', () => {
  test('are kept, each once, and not fetched again', async (t) => {
    const { pages, icons } = startStorage(t, async () => {});
    await openFeedCopies().own(owner);
    const paths = ['a', 'b', 'c', 'd', 'e'].map((name) => `/icons/${name.repeat(16)}.svg`);
    const asked = startNetwork(t, Object.fromEntries(paths.map((path) => [path, icon])));
    await keepFeed(pages, withIcons(...paths, ...paths));
    assert.deepEqual([asked.toSorted(), icons().toSorted()], [paths, paths]);
    await keepFeed(pages, withIcons(...paths));
    assert.equal(asked.length, 5);
  });

  test('are images from the Workspace itself; an invalid or lost one doesn’t stop the others', async (t) => {
    const { pages, icons } = startStorage(t, async () => {});
    await openFeedCopies().own(owner);
    startNetwork(t, {
      '/icons/page.svg': () => new Response('<h1>', { headers: ours('text/html') }),
      '/icons/foreign.svg': () => new Response('<svg/>', { headers: { 'content-type': 'image/svg+xml' } }),
      '/icons/gone.svg': () => new Response('', { status: 404, headers: ours('image/svg+xml') }),
      '/icons/good.svg': icon,
    });
    await keepFeed(pages, withIcons('/icons/page.svg', '/icons/foreign.svg', '/icons/gone.svg', '/icons/lost.svg', '/icons/good.svg'));
    assert.deepEqual(icons(), ['/icons/good.svg']);
  });
});

describe('a refresh by the worker alone', () => {
  const list = (document: object) => () => new Response(JSON.stringify(document), { headers: ours('application/json') });
  test('keeps each good list of the owner, and tells the pages; what is none replaces nothing', async (t) => {
    const { pages, said, copies } = startStorage(t, async () => {});
    await openFeedCopies().own(owner);
    const asked = startNetwork(t, { '/api/v1/feeds/apps': list(apps), '/api/v1/feeds/web': list({ ...apps, feed: 'web', resources: [] }) });
    await refreshFeeds(pages);
    assert.deepEqual(asked.toSorted(), ['/api/v1/feeds/apps', '/api/v1/feeds/web']);
    assert.deepEqual(copies(), [`/kept/${MARA}/apps`]);
    assert.deepEqual(said.map((one) => String(Reflect.get(Object(one), 'type'))).toSorted(), ['document', 'saved']);
  });

  test('asks for nothing while nobody’s lists may be kept, and what is left of somebody goes', async (t) => {
    const { pages, copies } = startStorage(t, async () => {});
    await openFeedCopies().own(owner);
    await keepFeed(pages, apps);
    await removeOwner();
    const asked = startNetwork(t, {});
    await refreshFeeds(pages);
    assert.deepEqual([asked, copies()], [[], []]);
  });
});
