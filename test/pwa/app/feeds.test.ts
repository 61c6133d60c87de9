/** The driver of the feeds, with a Workspace that answers when the test says so. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as settle } from 'node:timers/promises';
import type { FeedState } from '#core/machines/feed';
import type { FeedDocument } from '#protocol/feed';
import { driveFeeds } from '../../../pwa/app/feeds.ts';
import { handClock } from '../../runtime/machine/hand-clock.ts';
import { documentsOf, sessionOf } from '../people.ts';

const MARA = 'mara-keller-1';
const [copy] = documentsOf(MARA, 1);
if (copy === undefined) throw new Error('no list');

type Answer = { is: 'document'; document: FeedDocument } | { is: 'failed'; cause: 'network'; copy: undefined };

async function openFeeds(options: { kept: FeedDocument | undefined }) {
  const clock = handClock(1_000);
  const asked: ((answer: Answer) => void)[] = [];
  let states: ReadonlyMap<string, FeedState> = new Map();
  let online = true;
  const feeds = driveFeeds(
    {
      model: { set: (change) => (states = change.feeds ?? states) },
      clock: { ...clock, chance: () => 0.5 },
      copies: { read: async () => options.kept, remove: async () => {} },
      worker: { answers: () => false },
      workspace: { feed: () => new Promise<Answer>((resolve) => asked.push(resolve)) },
      log: { say: () => {} },
    },
    { mayAsk: async () => online, confirms: async () => true, changed: () => {} },
  );
  const session = sessionOf(MARA, 'Mara Keller', 'https://workspace.example');
  await feeds.open({ ...session, feeds: session.feeds.filter(({ id }) => id === copy?.feed) });
  await settle();
  return {
    asked,
    feeds,
    pass: async (ms: number) => {
      clock.pass(ms);
      await settle();
    },
    answer: async (answer: Answer) => {
      asked.shift()?.(answer);
      await settle();
    },
    goOffline: () => {
      online = false;
    },
    reconnect: async () => {
      online = true;
      feeds.reload();
      await settle();
    },
    is: () => states.get(copy?.feed ?? '')?.is,
  };
}

for (const kept of [copy, undefined]) {
  test(`Reconnect asks for a list whose retry was due while working offline by choice, ${kept ? 'with' : 'without'} a copy`, async () => {
    const portal = await openFeeds({ kept });
    await portal.answer({ is: 'failed', cause: 'network', copy: undefined });
    portal.goOffline();
    await portal.pass(6_000);
    assert.deepEqual([portal.is(), portal.asked.length], ['loading', 0]);
    await portal.reconnect();
    assert.equal(portal.asked.length, 1);
    await portal.answer({ is: 'document', document: copy });
    assert.equal(portal.is(), 'live');
  });
}

test('Reconnect does not ask twice for a list whose answer is awaited', async () => {
  const portal = await openFeeds({ kept: undefined });
  await portal.reconnect();
  assert.equal(portal.asked.length, 1);
});

test('a list that is closed shows nothing, and its late answer changes nothing', async () => {
  const portal = await openFeeds({ kept: copy });
  portal.feeds.close('signedOut');
  await portal.answer({ is: 'document', document: copy });
  assert.equal(portal.is(), undefined);
});
