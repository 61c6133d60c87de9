/** The kept lists: whose they may be, and when they go. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openFeedCopies } from '../../../pwa/bridges/cache.ts';
import { copyText } from '../../../pwa/bridges/copy.ts';
import { startCacheStorage } from '../cache-storage.ts';
import { documentsOf } from '../people.ts';

const MARA = 'mara-keller-1';
const JON = 'jon-brunner-1';
const FEEDS = 'holdfast-feeds-1';
const ICONS = 'holdfast-icons-1';
const place = (subject: string, feed: string) => `/kept/${subject}/${feed}`;
const [apps, web] = documentsOf(MARA, 1);
if (apps === undefined || web === undefined) throw new Error('two lists');

describe('B-W3c whose lists may be kept', () => {
  test('is said once, and again only where that changes', async (t) => {
    startCacheStorage(t);
    const copies = openFeedCopies();
    const owner = { subject: MARA, feeds: ['apps', 'web'] };
    assert.equal(await copies.own(owner), 'none');
    assert.equal(await copies.own(owner), 'same');
    assert.equal(await copies.own({ ...owner, feeds: ['apps'] }), 'other');
    assert.equal(await copies.own({ subject: JON, feeds: ['apps'] }), 'other');
  });

  test('decides what stays: another person’s, and a feed’s that is theirs no more, go', async (t) => {
    const storage = startCacheStorage(t);
    for (const [subject, feed] of [
      [MARA, 'apps'],
      [MARA, 'old'],
      [JON, 'apps'],
    ] as const)
      storage.put(FEEDS, place(subject, feed), '');
    await openFeedCopies().own({ subject: MARA, feeds: ['apps', 'web'] });
    assert.deepEqual(storage.places(FEEDS), [place(MARA, 'apps')]);
  });
});

describe('a kept list', () => {
  test('is read back, where it is this person’s and this feed’s, and readable', async (t) => {
    const storage = startCacheStorage(t);
    const copies = openFeedCopies();
    storage.put(FEEDS, place(MARA, 'apps'), copyText(apps, 1));
    storage.put(FEEDS, place(MARA, 'web'), copyText(apps, 1));
    storage.put(FEEDS, place(MARA, 'broken'), '{');
    storage.put(FEEDS, place(JON, 'apps'), copyText(apps, 1));
    assert.deepEqual(await copies.read(MARA, 'apps'), apps);
    assert.deepEqual(
      [await copies.read(MARA, 'web'), await copies.read(MARA, 'broken'), await copies.read(JON, 'apps')],
      [undefined, undefined, undefined],
    );
    assert.equal(await copies.read(MARA, 'none'), undefined);
    assert.deepEqual(await copies.kept(MARA, ['apps', 'web', 'broken', 'none']), new Set(['apps']));
  });

  test('goes alone where its feed is emptied, with all of the person’s and the icons at a sign-out', async (t) => {
    const storage = startCacheStorage(t);
    const copies = openFeedCopies();
    await copies.own({ subject: MARA, feeds: ['apps', 'web'] });
    for (const feed of ['apps', 'web']) storage.put(FEEDS, place(MARA, feed), copyText(apps, 1));
    storage.put(FEEDS, place(JON, 'apps'), copyText(apps, 1));
    storage.put(ICONS, '/icons/a.svg', '');
    await copies.remove(MARA, 'web');
    assert.deepEqual(storage.places(FEEDS), [place(MARA, 'apps'), place(JON, 'apps')]);
    await copies.removeAll(MARA);
    assert.deepEqual([storage.places(FEEDS), storage.places(ICONS)], [[place(JON, 'apps')], []]);
    assert.equal(await copies.own({ subject: MARA, feeds: [] }), 'none', 'nobody’s lists may be kept');
  });

  test('a sign-out of one person leaves the word on another', async (t) => {
    startCacheStorage(t);
    const copies = openFeedCopies();
    await copies.own({ subject: JON, feeds: ['apps'] });
    await copies.removeAll(MARA);
    assert.equal(await copies.own({ subject: JON, feeds: ['apps'] }), 'same');
  });
});
