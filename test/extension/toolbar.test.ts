import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ToolbarFacts, toolbar } from '../../extension/toolbar.ts';

const online = { name: 'Contoso Workspace', offline: false };
const offline = { name: 'Contoso Workspace', offline: true };
const saved = { valid: 9, resources: 15 };

const TABLE: readonly (readonly [Partial<ToolbarFacts>, string, string])[] = [
  [{ portals: [online] }, 'ready', 'Ready: Contoso Workspace, host answers'],
  [{ portals: [online], host: 'looking' }, 'none', 'Contoso Workspace: waiting for the host'],
  [{}, 'none', 'No Workspace open'],
  [{ portals: [offline], saved }, 'offline', 'Offline: 9 of 15 resources open'],
  [{ portals: [offline] }, 'offline', 'Offline: Contoso Workspace'],
  [{ portals: [online, offline], saved }, 'offline', 'Offline: 9 of 15 resources open'],
  [{ portals: [online], host: 'missing' }, 'host', 'Host missing: run holdfast-host install'],
  [{ host: 'forbidden' }, 'host', 'Host refuses this extension: run holdfast-host install'],
  [{ portals: [offline], host: 'version' }, 'host', 'Native host and extension are incompatible: update the older one'],
  [{ host: 'crashed' }, 'host', 'Host stopped: run holdfast-host doctor'],
];

for (const [facts, icon, words] of TABLE) {
  test(`B-E7 toolbar: ${words} (${icon})`, () => {
    assert.deepEqual(toolbar({ portals: [], host: 'ready', saved: null, ...facts }), { icon, words });
  });
}
