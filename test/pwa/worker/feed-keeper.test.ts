/** A sign-out at every moment of a write, with a Cache Storage that can be held. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openFeedCopies } from '../../../pwa/bridges/cache.ts';
import { removeOwner } from '../../../pwa/bridges/owner.ts';
import { keepFeed, type Pages } from '../../../pwa/worker/feed-keeper.ts';
import { documentsOf } from '../people.ts';

const MARA = 'mara-keller-1';
const FEEDS = 'holdfast-feeds-1';
const [apps] = documentsOf(MARA, 1);
if (apps === undefined) throw new Error('no list');

/** `held` is awaited before or after a list is put; names of the copies that stand are in `stands`. */
function startStorage(t: { after(run: () => void): void }, held: (when: 'before' | 'after') => Promise<void>) {
  const stands = new Map<string, Map<string, Response>>();
  const open = async (name: string) => {
    const cache = stands.get(name) ?? new Map<string, Response>();
    stands.set(name, cache);
    return {
      put: async (place: string, response: Response) => {
        if (name === FEEDS) await held('before');
        // A deleted cache that is still open takes what is put, and nobody finds it again.
        cache.set(place, response);
        if (name === FEEDS) await held('after');
      },
      keys: async () => [...cache.keys()].map((place) => ({ url: `https://workspace.example${place}` })),
      delete: async (key: string | { url: string }) => cache.delete(typeof key === 'string' ? key : new URL(key.url).pathname),
    };
  };
  const caches = {
    open,
    match: async (place: string, { cacheName }: { cacheName: string }) => stands.get(cacheName)?.get(place)?.clone(),
    delete: async (name: string) => stands.delete(name),
  };
  const before = Object.getOwnPropertyDescriptor(globalThis, 'caches');
  Object.defineProperty(globalThis, 'caches', { value: caches, configurable: true });
  t.after(() =>
    before === undefined ? Reflect.deleteProperty(globalThis, 'caches') : Object.defineProperty(globalThis, 'caches', before),
  );
  const said: unknown[] = [];
  const pages: Pages = { matchAll: async () => [{ postMessage: (words) => void said.push(words) }] };
  return { pages, said, copies: () => [...(stands.get(FEEDS)?.keys() ?? [])] };
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
