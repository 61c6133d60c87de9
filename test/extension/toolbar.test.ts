import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ToolbarFacts, toolbar } from '../../extension/toolbar.ts';

const online = { name: 'Contoso Workspace', offline: false };
const offline = { name: 'Contoso Workspace', offline: true };
const saved = { valid: 9, resources: 15 };

const LATE = 'Contoso Workspace: still signing in; nothing is saved on this device to work offline with';
const ASKED = 'Contoso Workspace: still signing in; a window offers to work offline';

const TABLE: readonly (readonly [facts: Partial<ToolbarFacts>, icon: string, words: string, badge?: string])[] = [
  [{ portals: [online] }, 'ready', 'Ready: Contoso Workspace, host answers'],
  [{ portals: [online], host: 'looking' }, 'none', 'Contoso Workspace: waiting for the host'],
  [{}, 'none', 'No Workspace open'],
  [{ portals: [offline], saved }, 'offline', 'Offline: 9 of 15 resources open'],
  [{ portals: [offline] }, 'offline', 'Offline: Contoso Workspace'],
  [{ portals: [online, offline], saved }, 'offline', 'Offline: 9 of 15 resources open'],
  [{ portals: [online], host: 'missing' }, 'host', 'Host missing: run holdfast-host install'],
  [{ host: 'forbidden' }, 'host', 'Host refuses this extension: run holdfast-host install'],
  [{ portals: [offline], host: 'version' }, 'host', 'Native host and extension are incompatible: update the older one'],
  [{ overdue: { name: 'Contoso Workspace', asked: false } }, 'none', LATE, '!'],
  [{ overdue: { name: 'Contoso Workspace', asked: true } }, 'none', ASKED, '!'],
  [{ overdue: { name: 'Contoso Workspace', asked: false }, host: 'missing' }, 'host', 'Host missing: run holdfast-host install'],
  [{ host: 'crashed' }, 'host', 'Host stopped: run holdfast-host doctor'],
];

for (const [facts, icon, words, badge] of TABLE) {
  test(`B-E7 toolbar: ${words} (${icon})`, () => {
    assert.deepEqual(toolbar({ portals: [], host: 'ready', saved: null, overdue: null, ...facts }), {
      icon,
      words,
      ...(badge !== undefined && { badge }),
    });
  });
}
