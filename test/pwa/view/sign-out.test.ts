import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LeaseState } from '#protocol/host';
import type { AppState } from '../../../pwa/app/model.ts';
import { signOutWords } from '../../../pwa/view/sign-out.ts';
import { SINCE, stateWith } from '../app-state.ts';

const DELETED = /^Your saved access is deleted/u;
const KEPT = /Saved access stays on this device|open nothing here/u;
const NOTHING = /^Your list is removed from this browser(?:\.$|, and you can’t sign in)/u;
const { known } = stateWith({ is: 'online' });
assert.ok(known !== undefined);
const keeps = { known: { ...known, continuity: { ...known.continuity, deleteLeasesOnSignOut: false } } };
const none = new Map<string, LeaseState>();

const CASES: readonly (readonly [name: string, change: Partial<AppState>, words: RegExp])[] = [
  ['saved access', {}, DELETED],
  ['saved access that the site keeps', keeps, KEPT],
  ['nothing saved', { leases: none }, NOTHING],
  ['nothing saved, and a site that keeps', { ...keeps, leases: none }, NOTHING],
  ['a host that has not said yet', { leases: undefined }, DELETED],
  ['a host that nobody has heard yet', { leases: undefined, host: { path: 'unknown', error: undefined } }, DELETED],
  ['no host', { leases: undefined, host: { path: 'no-host', error: undefined } }, NOTHING],
  ['no extension', { leases: undefined, host: { path: 'no-extension', error: undefined } }, NOTHING],
  ['nobody who is known', { known: undefined }, DELETED],
];
for (const [name, change, words] of CASES) {
  test(`B-W10e a sign-out says its price first: ${name}`, () => {
    const online = signOutWords(stateWith({ is: 'online' }, change));
    const outage = signOutWords(stateWith({ is: 'reconnecting', from: 'offline', since: SINCE }, change));
    assert.deepEqual([online.title, outage.title], ['Sign out?', 'Sign out during the outage?']);
    assert.match(online.text, words);
    assert.match(outage.text, words);
    assert.match(outage.text, /until the Workspace is back/iu);
    assert.doesNotMatch(online.text, /until the Workspace is back/iu);
  });
}
