import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type ToolbarFacts, toolbar } from '../../extension/toolbar.ts';

const online = { name: 'Contoso Workspace', offline: false };
const offline = { name: 'Contoso Workspace', offline: true };
const saved = { opens: 9, listed: 15 };

const LATE = 'Contoso Workspace: still signing in; nothing is saved on this device to work offline with';
const MISSING = 'Apps and desktops can’t be opened: the Holdfast host isn’t installed';
const ASKED = 'Contoso Workspace: still signing in; a window offers to work offline';

const TABLE: readonly (readonly [facts: Partial<ToolbarFacts>, icon: string, words: string, badge?: string])[] = [
  [{ portals: [online] }, 'ready', 'Ready: Contoso Workspace, host answers'],
  [{ portals: [online], host: 'looking' }, 'none', 'Contoso Workspace: waiting for the host'],
  [{}, 'none', 'No Workspace open'],
  [{ portals: [offline], saved }, 'offline', 'Offline: 9 of 15 resources open'],
  [{ portals: [offline] }, 'offline', 'Offline: Contoso Workspace'],
  [{ portals: [online, offline], saved }, 'offline', 'Offline: 9 of 15 resources open'],
  [{ portals: [online], host: 'missing' }, 'host', MISSING],
  [{ host: 'forbidden' }, 'host', 'Apps and desktops can’t be opened: the Holdfast host refuses this browser'],
  [{ portals: [offline], host: 'version' }, 'host', 'Apps and desktops can’t be opened: host and extension are incompatible'],
  [{ overdue: { name: 'Contoso Workspace', asked: false } }, 'none', LATE, '!'],
  [{ overdue: { name: 'Contoso Workspace', asked: true } }, 'none', ASKED, '!'],
  [{ overdue: { name: 'Contoso Workspace', asked: false }, host: 'missing' }, 'host', MISSING],
  [{ host: 'crashed' }, 'host', 'Apps and desktops can’t be opened: the Holdfast host stopped'],
];

describe('B-E7a, B-E7b the icon and its words', () => {
  for (const [facts, icon, words, badge] of TABLE) {
    test(`toolbar: ${words} (${icon})`, () => {
      assert.deepEqual(toolbar({ portals: [], host: 'ready', saved: null, overdue: null, ...facts }), {
        icon,
        words,
        ...(badge !== undefined && { badge }),
      });
    });
  }
});
