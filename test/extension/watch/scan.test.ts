/** Tabs that the worker finds at its start. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Beginning, type MemoryTab, openBrowser, settle, startWorker, WORKSPACE } from '../browser-in-memory.ts';

const NEWS = 'https://news.example/';
const TAB = 7;

async function found(tab: Omit<MemoryTab, 'id'>, begin: Beginning = {}) {
  const browser = openBrowser({ tabs: [{ id: TAB, ...tab }], ...begin });
  const { watches } = await startWorker();
  await settle();
  return { browser, state: watches.state(TAB) };
}

test('a tab that is on its way to a Workspace is watched', async () => {
  const { state } = await found({ url: 'about:blank', pendingUrl: `${WORKSPACE}/`, status: 'loading' });
  assert.equal(state.is, 'watching');
});

const OTHERS: Readonly<Record<string, Omit<MemoryTab, 'id'>>> = {
  'is there already': { url: `${WORKSPACE}/`, status: 'complete' },
  'is on its way elsewhere': { url: NEWS, status: 'loading' },
  'leaves a Workspace for another place': { url: `${WORKSPACE}/`, pendingUrl: NEWS, status: 'loading' },
};
for (const [name, tab] of Object.entries(OTHERS)) {
  test(`a tab that ${name} is left alone`, async () => assert.equal((await found(tab)).state.is, 'idle'));
}

test('a portal that is past its sign-in is left alone while it loads', async () => {
  const portals = (report: string) => ({ session: { portals: { [TAB]: { workspace: WORKSPACE, report } } } });
  const loading = { url: `${WORKSPACE}/`, status: 'loading' } as const;
  assert.equal((await found(loading, portals('online'))).state.is, 'idle');
  assert.equal((await found(loading, portals('signing-in'))).state.is, 'watching');
});

test('B-E13b a sign-in that is watched already keeps its deadline', async () => {
  const loading = { url: 'about:blank', pendingUrl: `${WORKSPACE}/`, status: 'loading' } as const;
  const first = await found(loading);
  assert.ok(first.state.is === 'watching');
  await first.browser.pass(10_000);
  const session = Object.fromEntries(first.browser.session);
  const again = await found(loading, { session });
  assert.ok(again.state.is === 'watching');
  assert.equal(again.state.deadline, first.state.deadline);
});
