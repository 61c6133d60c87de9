import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FeedState } from '#core/machines/feed';
import type { AppState } from '../../../pwa/app/model.ts';
import { itemsOf } from '../../../pwa/view/circumstances.ts';
import { brandState, stripOf } from '../../../pwa/view/strip.ts';
import { apps, NOW, SINCE, stateWith, web } from '../app-state.ts';

const outage = {
  is: 'offline',
  why: { by: 'outage', cause: 'timeout' },
  since: SINCE,
  back: 'no',
  tried: undefined,
  retryAt: NOW + 30_000,
  attempt: 1,
} as const;
const told = (state: AppState): string => {
  const { title, text, reconnect } = stripOf(state, itemsOf(state));
  return `${title} | ${text.replaceAll('\u00a0', ' ')} | ${reconnect}`;
};

test('the banner says since when, how many still open, and that each dimmed one says why', () => {
  const state = stateWith(outage);
  assert.equal(
    told(state),
    'Some of your resources can’t be reached | The Workspace has not answered since 10:42. 1 of 11 still open with the access saved on this device; each dimmed one says why it doesn’t. | offered',
  );
  assert.deepEqual(stripOf(state, []).evidence, [
    ['Workspace', 'timed out at 10:42, again at 11:04'],
    ['Zurich', 'answers directly, 2 ms'],
  ]);
  assert.deepEqual(brandState(state), { kind: 'wait', words: 'Offline since 10:42' });
});

test('the strip leads through looking, no answer, and back', () => {
  assert.equal(
    told(stateWith({ is: 'reconnecting', from: 'offline', since: SINCE })),
    'Looking for the Workspace | At most 5 s. Your sessions and this list stay as they are. | running',
  );
  assert.match(
    told(stateWith({ ...outage, tried: { cause: 'refused', at: NOW } })),
    /^Still no answer from the Workspace \| It refused the connection at 11:04\. Holdfast looks again in 30 s; nothing is lost by waiting\./u,
  );
  assert.equal(
    told(stateWith({ ...outage, back: 'signed-in' })),
    'The Workspace is back | Reconnect when it suits you. Nothing reloads until you do, and your sessions go on. | offered',
  );
  assert.match(
    told(stateWith({ ...outage, why: { by: 'choice', outage: false } })),
    /^You are working offline \| You chose this at 10:42\. It stays until you reconnect\./u,
  );
});

test('the end of an outage is said to a person who chose to work offline', () => {
  assert.equal(
    told(stateWith({ ...outage, why: { by: 'choice', outage: true }, back: 'answers' })),
    'The Workspace is back | You have been working offline since 10:42, as you chose. Reconnect when it suits you; your sessions go on. | offered',
  );
});

test('a start says how old the list is', () => {
  const starting = { is: 'starting', from: 'anywhere' } as const;
  assert.equal(told(stateWith(starting)), 'Looking for the Workspace | This list was saved 23 min ago. | none');
});

test('one source that does not answer is named, with the age of its list', () => {
  const feeds = new Map<string, FeedState>([
    ['apps', { is: 'cached', copy: apps, cause: 'timeout', attempt: 1 }],
    ['web', { is: 'live', document: web }],
  ]);
  assert.equal(
    told(stateWith({ is: 'degraded' }, { feeds })),
    'Contoso apps isn’t answering | Its 9 resources come from the list of 10:41. Everything else is live. | offered',
  );
});

test('the strip looks calm, but not content, where something is missing for an outage', () => {
  const { look, badge } = stripOf(stateWith({ is: 'online' }, { kept: { shell: false, lists: new Set() } }), []);
  assert.deepEqual([look, badge.kind], ['calm', 'wait']);
});

test('online the strip says how ready this device is', () => {
  assert.equal(
    told(stateWith({ is: 'online' })),
    'Ready for an outage | 1 of 11 resources would still open. Most of the access saved on this device lasts until Thu 26 Nov, 11:04. | none',
  );
  assert.match(
    told(stateWith({ is: 'online' }, { sync: { state: 'running', done: 640, total: 1_000 } })),
    /^Saving your access for outages \| 640 of 1000 resources\./u,
  );
  const error = { code: 'unavailable' } as const;
  assert.match(
    told(stateWith({ is: 'online' }, { sync: { state: 'failed', error } })),
    /^Your access could not be saved for outages \| It isn’t available\. Try again/u,
  );
  assert.match(told(stateWith({ is: 'online' }, { leases: new Map() })), /No access is saved on this device for an outage yet\./u);
});

test('what keeps everything from opening is said with its remedy', () => {
  const state = stateWith(
    { is: 'online' },
    { host: { path: 'no-host', error: { code: 'host_missing', correlationId: '7f3a-91c2-04be' } } },
  );
  assert.equal(
    told(state),
    'Apps and desktops can’t be opened right now | The Holdfast host isn’t installed for this browser. Ask your service desk to install it, then open this again. ID 7f3a-91c2-04be | none',
  );
  assert.equal(stripOf(state, []).error?.code, 'host_missing');
  assert.match(
    told(stateWith({ is: 'degraded' }, { host: state.host })),
    /^Apps and desktops can’t be opened right now \| .* \| offered$/u,
  );
});

test('in an outage too there is one strip: what can’t be opened is not counted as ready or open', () => {
  const host = { path: 'no-host', error: { code: 'host_missing' } } as const;
  assert.equal(
    told(stateWith(outage, { host })),
    'Apps and desktops can’t be opened right now | The Workspace has not answered since 10:42. The Holdfast host isn’t installed for this browser. Ask your service desk to install it, then open this again. | offered',
  );
  assert.doesNotMatch(told(stateWith({ ...outage, why: { by: 'choice', outage: false } }, { host })), /still open|Ready/u);
});

test('while the host has not said what is saved, nothing is counted', () => {
  assert.equal(
    told(stateWith(outage, { leases: undefined })),
    'Some of your resources can’t be reached | The Workspace has not answered since 10:42. Looking for what still opens with the access saved on this device. | offered',
  );
});

test('a list that could not be saved is said plainly', () => {
  const words = 'Your list couldn’t be saved on this device | The browser’s storage is full. | none';
  assert.equal(told(stateWith({ is: 'online' }, { unsaved: true })), words);
});
