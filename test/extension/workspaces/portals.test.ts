/** Which portal pages are open, also when they came and went without a worker that heard it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Port } from '../../../extension/webext.ts';
import { createPortals } from '../../../extension/workspaces/portals.ts';

const WORKSPACE = 'https://workspace.example';
const port: Port = { name: 'page', sender: undefined, post: () => {}, close: () => {}, onMessage: () => {}, onClose: () => {} };

test('a portal that went while the worker was stopped is no open portal any more', () => {
  const saved: unknown[] = [];
  const kept = { 7: { workspace: WORKSPACE, report: 'offline' }, 8: { workspace: WORKSPACE, report: 'online' } };
  const portals = createPortals(kept, (said) => saved.push(structuredClone(said)));
  assert.equal(portals.left(7), true);
  assert.equal(portals.left(7), false);
  assert.deepEqual(portals.all(), [{ tab: 8, workspace: WORKSPACE, report: 'online' }]);
  assert.deepEqual(saved, [{ 8: { workspace: WORKSPACE, report: 'online' } }]);
});

test('a portal that is connected stays until its port closes', () => {
  const portals = createPortals(null, () => {});
  portals.opened(7, WORKSPACE, port);
  portals.said(7, WORKSPACE, 'online');
  assert.equal(portals.left(7), false);
  assert.equal(portals.all().length, 1);
  portals.gone(7, port);
  assert.deepEqual(portals.all(), []);
});
