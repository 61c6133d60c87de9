/** The driver of the feeds, with a Workspace that answers when the test says so. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate as settle } from 'node:timers/promises';
import type { FeedState } from '#core/machines/feed';
import type { FeedDocument } from '#protocol/feed';
import { driveFeeds } from '../../../pwa/app/feeds.ts';
import { handClock } from '../../runtime/machine/hand-clock.ts';
import { documentsOf, sessionOf } from '../people.ts';

const MARA = 'mara-keller-1';
const [copy] = documentsOf(MARA, 1);
if (copy === undefined) throw new Error('no list');

type Answer = { is: 'document' | 'emptied'; document: FeedDocument } | { is: 'failed'; cause: 'network'; copy: FeedDocument | undefined };

async function openFeeds(options: { kept: FeedDocument | undefined; worker?: boolean; confirms?: () => Promise<boolean> }) {
  const clock = handClock(1_000);
  const asked: ((answer: Answer) => void)[] = [];
  const removed: string[] = [];
  let states: ReadonlyMap<string, FeedState> = new Map();
  let online = true;
  const feeds = driveFeeds(
    {
      model: { set: (change) => (states = change.feeds ?? states) },
      clock: { ...clock, chance: () => 0.5 },
      copies: { read: async () => options.kept, remove: async (_subject, feed) => void removed.push(feed) },
      worker: { answers: () => options.worker === true },
      workspace: { feed: () => new Promise<Answer>((resolve) => asked.push(resolve)) },
      log: { say: () => {} },
    },
    { mayAsk: async () => online, confirms: options.confirms ?? (async () => true), changed: () => {} },
  );
  const session = sessionOf(MARA, 'Mara Keller', 'https://workspace.example');
  await feeds.open({ ...session, feeds: session.feeds.filter(({ id }) => id === copy?.feed) });
  await settle();
  return {
    asked,
    removed,
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
    state: () => states.get(copy?.feed ?? ''),
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

const EMPTY: FeedDocument = { ...copy, resources: [] };

describe('B-W20b an empty list', () => {
  test('takes nothing away unless the session confirms that this person is signed in', async () => {
    const portal = await openFeeds({ kept: copy, confirms: async () => false });
    await portal.answer({ is: 'emptied', document: EMPTY });
    const state = portal.state();
    assert.ok(state?.is === 'cached');
    assert.deepEqual([state.cause, state.copy, portal.removed], ['not-authenticated', copy, []]);
  });

  test('that the session confirms takes the copy away', async () => {
    const portal = await openFeeds({ kept: copy });
    await portal.answer({ is: 'emptied', document: EMPTY });
    assert.deepEqual([portal.state(), portal.removed], [{ is: 'live', document: EMPTY }, [copy.feed]]);
  });

  test('waits for the session; meanwhile its deadline shows the copy', async () => {
    const confirms = Promise.withResolvers<boolean>();
    const portal = await openFeeds({ kept: copy, confirms: () => confirms.promise });
    await portal.answer({ is: 'emptied', document: EMPTY });
    await portal.pass(1_500);
    const waiting = portal.state();
    assert.ok(waiting?.is === 'cached');
    assert.equal(waiting.cause, 'timeout');
    confirms.resolve(true);
    await settle();
    assert.equal(portal.is(), 'live');
  });
});

for (const [worker, ms] of [
  [false, 1_500],
  [true, 2_000],
] as const) {
  test(`a list that is asked for ${worker ? 'through the worker' : 'without a worker'} is waited for ${ms} ms`, async () => {
    const portal = await openFeeds({ kept: undefined, worker });
    await portal.pass(ms - 1);
    assert.equal(portal.is(), 'loading');
    await portal.pass(1);
    assert.equal(portal.is(), 'unavailable');
  });
}

test('an answer in time ends the wait for it', async () => {
  const portal = await openFeeds({ kept: undefined });
  await portal.answer({ is: 'failed', cause: 'network', copy: undefined });
  await portal.pass(1_500);
  const state = portal.state();
  assert.ok(state?.is === 'unavailable');
  assert.equal(state.cause, 'network');
});

test('the worker’s copy is shown with the reason why it is none of the Workspace’s', async () => {
  const portal = await openFeeds({ kept: undefined });
  await portal.answer({ is: 'failed', cause: 'network', copy });
  const state = portal.state();
  assert.ok(state?.is === 'cached');
  assert.deepEqual([state.cause, state.copy], ['network', copy]);
});

test('a list is shown in its order, by name', async () => {
  const portal = await openFeeds({ kept: undefined });
  await portal.answer({ is: 'document', document: { ...copy, resources: copy.resources.toReversed() } });
  const state = portal.state();
  assert.ok(state?.is === 'live');
  const names = state.document?.resources.map(({ name }) => name) ?? [];
  assert.deepEqual(names, names.toSorted());
});

describe('a list that the worker has got by itself', () => {
  const late = { ...copy, asOf: 2 };
  test('is shown in place of an older one', async () => {
    const portal = await openFeeds({ kept: copy });
    portal.feeds.take(late);
    const state = portal.state();
    assert.ok(state?.is === 'live');
    assert.equal(state.document?.asOf, 2);
  });

  test('is not shown where it is another person’s, another feed’s, or no newer than what is live', async () => {
    const portal = await openFeeds({ kept: copy });
    portal.feeds.take({ ...late, subject: 'jon-brunner-1' });
    portal.feeds.take({ ...late, feed: 'other' });
    assert.equal(portal.is(), 'cached');
    await portal.answer({ is: 'document', document: copy });
    portal.feeds.take(late);
    const state = portal.state();
    assert.ok(state?.is === 'live');
    assert.equal(state.document?.asOf, copy.asOf);
  });
});

describe('B-W3c lists belong to one person', () => {
  const jon = sessionOf('jon-brunner-1', 'Jon Brunner', 'https://workspace.example');
  test('when another one comes, the former one’s go, from the screen and from this browser', async () => {
    const portal = await openFeeds({ kept: copy });
    await portal.feeds.open({ ...jon, feeds: jon.feeds.filter(({ id }) => id === copy.feed) });
    await settle();
    assert.deepEqual(portal.removed, [copy.feed]);
    assert.equal(portal.asked.length, 2, 'asked for anew');
    await portal.answer({ is: 'document', document: copy });
    assert.notEqual(portal.is(), 'live', 'the answer to the former one is nobody’s');
  });

  test('the same person keeps theirs, but for those that are not theirs any more', async () => {
    const portal = await openFeeds({ kept: copy });
    const mara = sessionOf(MARA, 'Mara Keller', 'https://workspace.example');
    await portal.feeds.open({ ...mara, feeds: mara.feeds.filter(({ id }) => id === copy.feed) });
    assert.deepEqual([portal.removed, portal.asked.length], [[], 1]);
    await portal.feeds.open({ ...mara, feeds: [] });
    await settle();
    assert.deepEqual([portal.removed, portal.state()], [[copy.feed], undefined]);
  });
});

test('B-W2b a list that hangs or fails neither hides nor delays another', async () => {
  const answers = new Map<string, (answer: Answer) => void>();
  let states: ReadonlyMap<string, FeedState> = new Map();
  const clock = handClock(1_000);
  const feeds = driveFeeds(
    {
      model: { set: (change) => (states = change.feeds ?? states) },
      clock: { ...clock, chance: () => 0.5 },
      copies: { read: async () => undefined, remove: async () => {} },
      worker: { answers: () => false },
      workspace: { feed: (id) => new Promise<Answer>((resolve) => answers.set(id, resolve)) },
      log: { say: () => {} },
    },
    { mayAsk: async () => true, confirms: async () => true, changed: () => {} },
  );
  await feeds.open(sessionOf(MARA, 'Mara Keller', 'https://workspace.example'));
  await settle();
  const [, web] = documentsOf(MARA, 1);
  assert.ok(web !== undefined);
  answers.get('web')?.({ is: 'document', document: web });
  await settle();
  const is = () => [states.get('apps')?.is, states.get('web')?.is];
  assert.deepEqual(is(), ['loading', 'live']);
  clock.pass(1_500);
  assert.deepEqual(is(), ['unavailable', 'live']);
});
