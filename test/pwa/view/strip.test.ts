import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { FeedState } from '#core/machines/feed';
import type { PortalState } from '#core/machines/portal-states';
import type { Reachability } from '#protocol/host';
import * as language from '#protocol/words/language';
import type { AppState } from '../../../pwa/app/model.ts';
import { itemsOf } from '../../../pwa/view/circumstances.ts';
import { brandState, sourceWords, stripOf } from '../../../pwa/view/strip.ts';
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

const failed: FeedState = { is: 'cached', copy: apps, cause: 'timeout', attempt: 1 };
const lost: FeedState = { is: 'unavailable', cause: 'timeout', attempt: 1 };
const degraded = (...feeds: (readonly [string, FeedState])[]) => told(stateWith({ is: 'degraded' }, { feeds: new Map(feeds) }));

describe('sources that do not answer', () => {
  test('one without a list on this device says that', () => {
    assert.equal(
      degraded(['apps', lost], ['web', { is: 'live', document: web }]),
      'Contoso apps isn’t answering | It has no saved list on this device yet. Everything else is live. | offered',
    );
  });

  test('one with a single resource is told of it as one', () => {
    const copy = { ...apps, resources: apps.resources.slice(0, 1) };
    assert.match(degraded(['apps', { ...failed, copy }]), /Its one resource comes from the list of 10:41\./u);
  });

  test('several are counted', () => {
    assert.match(degraded(['apps', failed], ['web', lost]), /^2 sources aren’t answering \| Their saved lists are shown\./u);
  });

  test('those that are asked again have not failed', () => {
    const asking: FeedState = { is: 'cached', copy: apps, cause: undefined, attempt: 0 };
    assert.match(degraded(['apps', asking]), /^Looking for the rest \| Checking some sources again\. \| offered$/u);
  });

  test('one that is no longer the person’s has its id for a name', () => {
    assert.match(degraded(['gone', failed]), /^gone isn’t answering/u);
  });

  test('B-W2a each source has its state in words', () => {
    const say = (feed: FeedState, portal: PortalState = { is: 'degraded' }) => sourceWords(stateWith(portal), feed);
    const live: FeedState = { is: 'live', document: web };
    assert.deepEqual(say(live), { kind: '', words: 'live' });
    assert.deepEqual(say(live, outage), { kind: 'wait', words: 'saved list, as of 10:41' });
    assert.deepEqual(say(failed), { kind: 'wait', words: 'saved list, as of 10:41' });
    assert.deepEqual(say(lost), { kind: 'wait', words: 'no list yet' });
    const loading: FeedState = { is: 'loading', shown: undefined, attempt: 0 };
    assert.deepEqual(
      [say(loading), say(loading, outage)],
      [
        { kind: 'none', words: 'asking' },
        { kind: 'wait', words: 'no list yet' },
      ],
    );
  });
});

test('the state beside the Workspace’s name', () => {
  const STATES: readonly (readonly [PortalState, kind: string, words: string])[] = [
    [{ is: 'starting', from: 'anywhere' }, 'none', 'Looking for the Workspace'],
    [{ is: 'signing-in' }, 'none', 'Not signed in'],
    [{ is: 'online' }, '', 'Online'],
    [{ is: 'degraded' }, 'wait', 'Online, in part'],
    [{ is: 'reconnecting', from: 'offline', since: SINCE }, 'wait', 'Looking for the Workspace'],
    [{ ...outage, why: { by: 'choice', outage: false } }, 'wait', 'Working offline since 10:42'],
  ];
  for (const [portal, kind, words] of STATES) assert.deepEqual(brandState(stateWith(portal)), { kind, words });
});

describe('B-W4b the banner of an outage', () => {
  test('tells an error of the Workspace from its silence', () => {
    assert.match(
      told(stateWith({ ...outage, why: { by: 'outage', cause: 'server-error' } })),
      /The Workspace has answered with errors since 10:42\./u,
    );
  });

  test('says that all still opens, where all does', () => {
    const leases = new Map([...(stateWith(outage).leases ?? [])]);
    const only = { ...apps, resources: apps.resources.filter(({ id }) => id === 'ledger') };
    const feeds = new Map<string, FeedState>([['apps', { is: 'cached', copy: only, cause: 'timeout', attempt: 1 }]]);
    assert.match(told(stateWith(outage, { feeds, leases })), /All of them still open with the access saved on this device\./u);
    assert.match(told(stateWith(outage, { feeds: new Map(), leases: new Map() })), /0 of 0 still open/u);
  });

  test('says after a try in vain when it looks again, in a second at the least', () => {
    const tried = { cause: 'timeout', at: NOW } as const;
    const say = (retryAt: number | undefined) => told(stateWith({ ...outage, tried, retryAt }));
    assert.match(say(NOW + 12_400), /looks again in 12 s/u);
    assert.match(say(NOW + 100), /looks again in 1 s/u);
    assert.doesNotMatch(say(undefined), /looks again/u);
  });

  test('says to whom the Workspace is back that they have to sign in', () => {
    assert.match(told(stateWith({ ...outage, back: 'sign-in' })), /^The Workspace is back \| Reconnect to sign in when it suits you\./u);
  });

  test('tells what was tried: each way once, each place with its path, or why there is none', () => {
    const evidence = [{ hop: 'Workspace', cause: 'timeout', first: NOW, last: NOW + 1_000 } as const];
    const place = (location: string, more: Partial<Reachability>): Reachability => ({
      location,
      name: location,
      state: 'reachable',
      ...more,
    });
    const places = [
      place('a', { route: 'direct', roundTripMs: 2 }),
      place('b', { route: 'gateway', roundTripMs: 30 }),
      place('c', {}),
      place('d', { state: 'unchecked' }),
      place('e', { state: 'unreachable' }),
      place('f', { state: 'unreachable', causes: ['timeout', 'location-silent'] }),
      place('g', { state: 'unreachable', causes: ['location-silent', 'no-session-host'] }),
    ];
    const state = stateWith(outage, { evidence, reachability: new Map(places.map((one) => [one.location, one])) });
    const { causes } = language;
    assert.deepEqual(stripOf(state, []).evidence, [
      ['Workspace', 'timed out at 11:04'],
      ['a', 'answers directly, 2 ms'],
      ['b', 'answers through a gateway, 30 ms'],
      ['c', 'answers'],
      ['d', 'not checked yet'],
      ['e', 'no answer directly or through a gateway'],
      ['f', causes['location-silent']],
      ['g', causes['no-session-host']],
    ]);
  });
});

test('B-W13a a saving of which nothing is known yet has no numbers', () => {
  const running = (sync: AppState['sync']) => stripOf(stateWith({ is: 'online' }, { sync }), []);
  const none = running({ state: 'running' });
  assert.deepEqual([none.text, none.progress], ['You can open anything meanwhile.', undefined]);
  assert.deepEqual(running({ state: 'running', done: 3, total: 9 }).progress, { done: 3, total: 9 });
});

test('at a start without a list it is said that one comes', () => {
  const state = stateWith({ is: 'starting', from: 'anywhere' }, { feeds: new Map() });
  assert.match(told(state), /Your list appears as soon as it answers\./u);
});

test('a host that has not been heard yet is no trouble, and an extension that is missing has words of its own', () => {
  const error = { code: 'extension_missing' } as const;
  assert.doesNotMatch(told(stateWith({ is: 'online' }, { host: { path: 'unknown', error } })), /can’t be opened/u);
  assert.match(
    told(stateWith({ is: 'online' }, { host: { path: 'no-extension', error } })),
    /^Apps and desktops can’t be opened in this browser yet/u,
  );
  assert.doesNotMatch(told(stateWith({ is: 'online' }, { host: { path: 'no-host', error: undefined } })), /can’t be opened/u);
  const disk = stripOf(stateWith({ is: 'online' }, { disk: 'full', host: { path: 'unknown', error: undefined } }), []);
  assert.doesNotMatch(disk.title, /can’t be opened/u);
});
