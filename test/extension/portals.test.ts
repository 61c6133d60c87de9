/** Which portal pages are open, also when they came and went without a worker that heard it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPortals } from '../../extension/portals.ts';
import type { Port } from '../../extension/webext.ts';

const STORE = 'https://workspace.example';
const port: Port = { name: 'page', sender: undefined, post: () => {}, close: () => {}, onMessage: () => {}, onClose: () => {} };

test('B-E7 a portal that went while the worker was stopped is no open portal any more', () => {
  const saved: unknown[] = [];
  const kept = { 7: { store: STORE, report: 'offline' }, 8: { store: STORE, report: 'online' } };
  const portals = createPortals(kept, (said) => saved.push(structuredClone(said)));
  assert.equal(portals.left(7), true);
  assert.equal(portals.left(7), false);
  assert.deepEqual(portals.all(), [{ tab: 8, store: STORE, report: 'online' }]);
  assert.deepEqual(saved, [{ 8: { store: STORE, report: 'online' } }]);
});

test('a portal that is connected stays until its port closes', () => {
  const portals = createPortals(null, () => {});
  portals.opened(7, STORE, port);
  portals.said(7, STORE, 'online');
  assert.equal(portals.left(7), false);
  assert.equal(portals.all().length, 1);
  portals.gone(7, port);
  assert.deepEqual(portals.all(), []);
});
