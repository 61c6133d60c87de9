/** Readiness is a list of checks: the first that fails is the sentence (B-W17). */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { FeedState } from '#core/machines/feed';
import type { AppState } from '../../../pwa/app/model.ts';
import { itemsOf } from '../../../pwa/view/circumstances.ts';
import { readinessOf } from '../../../pwa/view/readiness.ts';
import { stripOf } from '../../../pwa/view/strip.ts';
import { stateWith, web } from '../app-state.ts';

const told = (change: Partial<AppState>): string => {
  const state = stateWith({ is: 'online' }, change);
  const { is, title, text } = readinessOf(state, itemsOf(state));
  return `${is}: ${title} | ${text.replaceAll('\u00a0', ' ')}`;
};
const kept = (shell: boolean, ...lists: string[]) => ({ shell, lists: new Set(lists) });

describe('B-W17b readiness is a list of checks, and the first that fails is said', () => {
  test('ready is said when everything that is needed is there', () => {
    assert.match(told({}), /^ready: Ready for an outage \| 1 of 11 resources would still open\./u);
  });

  test('nothing is promised before it was looked at', () => {
    assert.equal(told({ kept: undefined }), 'live: Everything is live | Checking what would still open in an outage.');
  });

  test('without the page itself, nothing is ready', () => {
    assert.match(
      told({ kept: kept(false, 'apps', 'web') }),
      /^not-ready: Not ready for an outage yet \| This page is not saved on this device\./u,
    );
  });

  test('a list without its copy is named; an empty list needs none', () => {
    assert.match(told({ kept: kept(true, 'web') }), /^not-ready: Not ready for an outage yet \| The list of Contoso apps is not saved/u);
    const nothing: FeedState = { is: 'live', document: { ...web, resources: [] } };
    const empty = new Map([...stateWith({ is: 'online' }).feeds, ['web', nothing] as const]);
    assert.match(told({ feeds: empty, kept: kept(true, 'apps') }), /^ready:/u);
  });

  test('a full disk is said in place of "ready", and before a launch fails by it', () => {
    const strip = (disk: 'full' | 'unwritable'): string => {
      const { title, text } = stripOf(stateWith({ is: 'online' }, { disk }), []);
      return `${title} | ${text}`;
    };
    assert.match(strip('full'), /^Apps and desktops can’t be opened right now \| The disk of this device is full\./u);
    assert.match(strip('unwritable'), /can’t write to its folder/u);
  });

  test('the first check that fails is the sentence', () => {
    assert.match(told({ kept: kept(false), leases: new Map() }), /This page is not saved/u);
    assert.match(told({ kept: kept(true), leases: new Map() }), /The list of Contoso apps/u);
    assert.match(told({ leases: new Map() }), /^live: Everything is live \| No access is saved/u);
  });

  test('while it is still asked what is saved, nothing is called missing', () => {
    const asked = 'live: Everything is live | Checking what would still open in an outage.';
    assert.equal(told({ leases: undefined }), asked);
    assert.equal(told({ leases: new Map(), saving: true }), asked);
  });

  test('with nothing that would open, ready is not said', () => {
    const [[key, lease] = []] = stateWith({ is: 'online' }).leases ?? [];
    assert.ok(key !== undefined && lease !== undefined);
    assert.match(
      told({ leases: new Map([[key, { ...lease, state: 'expired' }]]) }),
      /^not-ready: Not ready for an outage yet \| Access is saved/u,
    );
  });
});
