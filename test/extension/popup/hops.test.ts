import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PopupModel } from '../../../extension/pages/messages.ts';
import { head, hops } from '../../../extension/popup/hops.ts';

const time = (): string => '10:42';
const error = 'The Holdfast host stopped. Try again.';
const saved = {
  valid: 11,
  ended: 0,
  resources: 15,
  lastSuccess: 1,
  viewers: [{ protocol: 'rdp' as const, name: 'FreeRDP 3.5', found: true }],
};
const popup: PopupModel = {
  version: '1.0.3',
  managed: false,
  workspaces: [{ url: 'https://workspace.contoso.example', name: 'Contoso Workspace' }],
  timeout: { on: true, seconds: 30, locked: false },
  portal: { state: 'live', ms: 38 },
  offline: false,
  host: { state: 'ready', host: 'test', v: 3, roundTripMs: 2 },
  saved,
};
const lines = (model: PopupModel): string[] => hops(model, time).map((hop) => `${hop.look || 'good'} ${hop.name}: ${hop.value}`);

describe('B-E14 the seven hops', () => {
  test('all well', () => {
    assert.deepEqual(lines(popup), [
      'good Portal: live · 38 ms',
      'good Extension: 1.0.3',
      'good Host manifest: found',
      'good Host process: running',
      'good Handshake: protocol 3 · 2 ms',
      'good Leases: 11 valid · 10:42',
      'good Viewer: FreeRDP 3.5',
    ]);
    assert.deepEqual(head(popup), { words: 'Ready', look: '' });
  });
  test('the Workspace out of reach', () => {
    const model: PopupModel = { ...popup, portal: { state: 'silent', cause: 'timeout', at: 1 } };
    assert.equal(lines(model)[0], 'wait Portal: no answer');
    assert.equal(hops(model, time)[0]?.why, 'Timed out at 10:42. Saved access works meanwhile.');
    assert.deepEqual(head(model), { words: 'Offline', look: 'wait' });
  });
  test('the first broken hop of the host is named, those behind it wait', () => {
    const cases = {
      missing: ['stop Host manifest: not found', 'none Host process: waits for the manifest', 'none Handshake: waits', 'Host missing'],
      forbidden: [
        'stop Host manifest: refuses this extension',
        'none Host process: waits for the manifest',
        'none Handshake: waits',
        'Host refused',
      ],
      crashed: ['good Host manifest: found', 'stop Host process: stopped', 'none Handshake: waits', 'Host stopped'],
      version: ['good Host manifest: found', 'good Host process: running', 'stop Handshake: incompatible', 'Incompatible host'],
    };
    for (const state of ['missing', 'forbidden', 'crashed', 'version'] as const) {
      const model: PopupModel = { ...popup, host: { state, error, at: 1 }, saved: null };
      assert.deepEqual([...lines(model).slice(2, 5), head(model).words], cases[state]);
      assert.deepEqual(lines(model).slice(5), ['none Leases: unknown', 'none Viewer: unknown']);
    }
  });
  test('leases and viewers', () => {
    const leases = (more: Partial<typeof saved> & { failure?: typeof error }): string[] =>
      lines({ ...popup, saved: { ...saved, ...more } }).slice(5);
    assert.equal(leases({ valid: 10, ended: 1 })[0], 'good Leases: 10 valid, 1 ended');
    assert.equal(leases({ valid: 0, ended: 4 })[0], 'wait Leases: 0 valid, 4 ended');
    assert.equal(leases({ valid: 0 })[0], 'none Leases: none yet');
    assert.equal(leases({ failure: error })[0], 'wait Leases: 11 valid');
    assert.equal(leases({ viewers: [] })[1], 'stop Viewer: none found');
    assert.equal(head({ ...popup, saved: { ...saved, viewers: [] } }).words, 'No viewer');
  });
});
