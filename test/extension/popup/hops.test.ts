import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PopupModel } from '../../../extension/pages/messages.ts';
import { head, hops } from '../../../extension/popup/hops.ts';

const time = (): string => '10:42';
const error = 'The Holdfast host stopped. Try again.';
const details = 'error: host_crashed';
const saved = {
  valid: 11,
  ended: 0,
  opens: 11,
  listed: 15,
  lastSuccess: 1,
  viewers: [{ protocol: 'rdp' as const, name: 'FreeRDP 3.5', found: true as const }],
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

describe('B-E14a the seven hops', () => {
  test('all well', () => {
    assert.deepEqual(lines(popup), [
      'good Portal: live · 38 ms',
      'good Extension: 1.0.3',
      'good Host setup: found',
      'good Host program: running',
      'good Host answer: version 3 · 2 ms',
      'good Saved access: opens 11 of 15 resources · 10:42',
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
      missing: ['stop Host setup: not found', 'none Host program: waits', 'none Host answer: waits', 'Host missing'],
      forbidden: ['stop Host setup: for another browser', 'none Host program: waits', 'none Host answer: waits', 'Host refuses'],
      crashed: ['good Host setup: found', 'stop Host program: stopped', 'none Host answer: waits', 'Host stopped'],
      version: ['good Host setup: found', 'good Host program: running', 'stop Host answer: incompatible', 'Incompatible host'],
    };
    for (const state of ['missing', 'forbidden', 'crashed', 'version'] as const) {
      const model: PopupModel = { ...popup, host: { state, error, details, at: 1 }, saved: null };
      assert.deepEqual([...lines(model).slice(2, 5), head(model).words], cases[state]);
      assert.deepEqual(lines(model).slice(5), ['none Saved access: unknown', 'none Viewer: unknown']);
    }
  });
  test('saved access and viewers', () => {
    const leases = (more: Partial<typeof saved> & { failure?: typeof error }): string[] =>
      lines({ ...popup, saved: { ...saved, ...more } }).slice(5);
    assert.equal(leases({ valid: 10, opens: 10, ended: 1 })[0], 'good Saved access: opens 10 of 15 resources, 1 ended');
    assert.equal(leases({ valid: 0, opens: 0, ended: 4 })[0], 'wait Saved access: opens 0 of 15 resources, 4 ended');
    assert.equal(leases({ valid: 0 })[0], 'none Saved access: none yet');
    assert.equal(leases({ failure: error })[0], 'wait Saved access: opens 11 of 15 resources');
    assert.equal(leases({ viewers: [] })[1], 'stop Viewer: none found');
    assert.equal(head({ ...popup, saved: { ...saved, viewers: [] } }).words, 'No viewer');
  });
  test('what stops has details to copy, with the command; the words on the screen have none', () => {
    const stopped = (model: PopupModel) => hops(model, time).filter((hop) => hop.look === 'stop');
    const host = stopped({ ...popup, host: { state: 'missing', error, details, at: 1 }, saved: null });
    assert.deepEqual(
      host.map((hop) => [hop.why, hop.details]),
      [[error, details]],
    );
    const missing = {
      found: false as const,
      protocol: 'vnc' as const,
      name: 'TigerVNC',
      remedy: 'Ask.',
      details: 'error: missing_viewer vnc',
    };
    const [viewer] = stopped({ ...popup, saved: { ...saved, viewers: [missing] } });
    assert.deepEqual([viewer?.why, viewer?.details], [missing.remedy, missing.details]);
  });
});
