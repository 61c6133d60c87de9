import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Circumstances, countOpen, openable, openableOffline } from '#core/access/openable';
import type { FeedResource } from '#protocol/feed';
import type { LeaseState, Reachability, Refusal } from '#protocol/host';

const NOW = 1_800_000_000_000;
const SECOND = NOW / 1_000;
const ledger: FeedResource = {
  id: 'ledger',
  name: 'Ledger',
  kind: 'app',
  protocol: 'rdp',
  leasable: true,
  locations: [{ id: 'zurich', name: 'Zurich' }],
};
const wiki: FeedResource = { id: 'wiki', name: 'Wiki', kind: 'web', url: 'https://wiki.example/' };
const lease = (change: Partial<LeaseState> = {}): LeaseState => ({
  resource: { feed: 'apps', id: 'ledger' },
  name: 'Ledger',
  protocol: 'rdp',
  state: 'valid',
  kind: 'app',
  iat: SECOND - 3_600,
  exp: SECOND + 7 * 86_400,
  locations: ['zurich', 'bern'],
  ...change,
});
const site = (location: string, state: Reachability['state']): Reachability => ({ location, name: location, state });

const full = (change: Partial<Refusal> = {}): Refusal => ({
  resource: { feed: 'apps', id: 'ledger' },
  location: 'zurich',
  name: 'Zurich',
  error: { code: 3021, reason: 'full' },
  at: NOW - 1_000,
  ...change,
});

const outage = (change: Partial<Circumstances> = {}): Circumstances => ({
  feed: 'apps',
  workspace: 'gone',
  web: 'gone',
  host: 'ready',
  leases: new Map([['apps/ledger', lease()]]),
  reachability: new Map(),
  refusals: new Map(),
  denials: new Map(),
  now: NOW,
  ...change,
});
const withLease = (change: Partial<LeaseState>, more: Partial<Circumstances> = {}): Circumstances =>
  outage({ leases: new Map([['apps/ledger', lease(change)]]), ...more });

/** What is said, in one word. */
function verdict(resource: FeedResource, now: Circumstances): string {
  const opens = openable(resource, now);
  return opens.can === 'open' ? opens.by : opens.can === 'wait' ? 'wait' : opens.reason.why;
}

test('a valid lease opens, and says whether its path was checked', () => {
  const unchecked = openable(ledger, outage());
  assert.ok(unchecked.can === 'open' && unchecked.by === 'lease');
  assert.equal(unchecked.path, undefined);
  const checked = openable(ledger, outage({ reachability: new Map([['bern', site('bern', 'reachable')]]) }));
  assert.ok(checked.can === 'open' && checked.by === 'lease');
  assert.equal(checked.path?.location, 'bern');
});

test('a dimmed resource has its own reason', () => {
  const none = new Map<string, LeaseState>();
  assert.equal(verdict(ledger, outage({ leases: none })), 'no-lease');
  assert.equal(verdict({ ...ledger, leasable: false }, outage({ leases: none })), 'not-leasable');
  assert.equal(verdict(ledger, withLease({ state: 'expired', code: 3006 })), 'lease-ended');
  assert.equal(verdict(ledger, withLease({ exp: SECOND })), 'lease-ended');
  assert.equal(verdict(ledger, withLease({ state: 'invalid', code: 3007 })), 'lease-unusable');
  assert.equal(verdict(ledger, withLease({ state: 'denied', code: 3022 })), 'blocked');
  assert.equal(verdict(ledger, outage({ denials: new Map([['apps/ledger', '3022']]) })), 'denied');
  assert.equal(verdict(wiki, outage()), 'web');
  assert.equal(verdict(ledger, outage({ host: 'no-host' })), 'no-host');
  assert.equal(verdict(ledger, outage({ host: 'no-extension' })), 'no-extension');
});

test('a lease that was denied says with which code, or that it is blocked', () => {
  const codeOf = (change: Partial<LeaseState>) => {
    const opens = openable(ledger, withLease(change));
    assert.ok(opens.can === 'not' && opens.reason.why === 'blocked');
    return opens.reason.code;
  };
  assert.equal(codeOf({ state: 'denied', code: 3020 }), 3020);
  assert.equal(codeOf({ state: 'denied' }), 3022);
});

test('a resource is dimmed only when every one of its locations is lost', () => {
  const bernLost = new Map([['bern', site('bern', 'unreachable')]]);
  const allLost = new Map([...bernLost, ['zurich', site('zurich', 'unreachable')]]);
  assert.equal(verdict(ledger, outage({ reachability: bernLost })), 'lease');
  assert.equal(verdict(ledger, outage({ reachability: allLost })), 'unreachable');
});

test('a location’s refusal dims with what it said, by lease and while the Workspace answers, until it is gone', () => {
  const refusals = new Map([['apps/ledger', full()]]);
  for (const workspace of ['gone', 'live'] as const) {
    const opens = openable(ledger, outage({ workspace, refusals }));
    assert.ok(opens.can === 'not' && opens.reason.why === 'refused');
    assert.equal(opens.reason.refusal.error.reason, 'full');
  }
  assert.equal(verdict(ledger, outage()), 'lease');
});

test('while the Workspace answers, a resource whose every location is silent says so, and may still be tried', () => {
  const opens = openable(ledger, outage({ workspace: 'live', reachability: new Map([['zurich', site('zurich', 'unreachable')]]) }));
  assert.ok(opens.can === 'open' && opens.by === 'workspace');
  assert.equal(opens.silent?.location, 'zurich');
  const two = { ...ledger, locations: [...ledger.locations, { id: 'bern', name: 'Bern' }] };
  for (const bern of ['reachable', 'unchecked'] as const) {
    const reachability = new Map([
      ['zurich', site('zurich', 'unreachable')],
      ['bern', site('bern', bern)],
    ]);
    const one = openable(two, outage({ workspace: 'live', reachability }));
    assert.ok(one.can === 'open' && one.by === 'workspace' && one.silent === undefined, `bern ${bern}`);
  }
});

test('while the Workspace answers, a refusal that no location repeats for 90 s dims no longer; by lease it does', () => {
  const refusals = new Map([['apps/ledger', full({ at: NOW - 90_000 })]]);
  assert.equal(verdict(ledger, outage({ workspace: 'live', refusals })), 'workspace');
  assert.equal(verdict(ledger, outage({ refusals })), 'refused');
});

test('a lease that ends within a day says so', () => {
  const soon = (exp: number): boolean => {
    const opens = openable(ledger, withLease({ exp }));
    return opens.can === 'open' && opens.by === 'lease' && opens.soon;
  };
  assert.equal(soon(SECOND + 86_399), true);
  assert.equal(soon(SECOND + 86_400), false);
});

test('with the broker feed gone alone, web apps stay live and apps come by lease', () => {
  const degraded = outage({ web: 'live' });
  assert.equal(verdict(wiki, degraded), 'web');
  const opens = openable(wiki, degraded);
  assert.equal(opens.can, 'open');
  assert.equal(verdict(ledger, degraded), 'lease');
});

test('a lease and a denial count for the resource of their feed, not for another of the same id', () => {
  assert.equal(verdict(ledger, outage({ feed: 'other' })), 'no-lease');
  assert.equal(verdict(ledger, outage({ denials: new Map([['other/ledger', '3022']]) })), 'lease');
  assert.equal(verdict(ledger, outage({ denials: new Map([['apps/ledger', '3022']]) })), 'denied');
});

test('until the Workspace has answered, only a known path undims', () => {
  const starting = outage({ workspace: 'unknown', web: 'unknown' });
  assert.equal(verdict(ledger, starting), 'lease');
  assert.equal(verdict(ledger, { ...starting, leases: new Map() }), 'wait');
  assert.equal(verdict(ledger, { ...starting, leases: undefined }), 'wait');
  assert.equal(verdict(wiki, starting), 'wait');
  assert.equal(verdict(ledger, outage({ workspace: 'live', host: 'unknown' })), 'wait');
});

test('in normal times "would it open in an outage" is judged without the Workspace', () => {
  const live = outage({ workspace: 'live', web: 'live', leases: new Map() });
  assert.equal(verdict(ledger, live), 'workspace');
  assert.equal(openableOffline(ledger, live).can, 'not');
  assert.equal(openableOffline(wiki, live).can, 'not');
});

const anyPath = fc.constantFrom('live' as const, 'unknown' as const, 'gone' as const);
const anyCircumstances: fc.Arbitrary<Circumstances> = fc
  .record({
    workspace: anyPath,
    web: anyPath,
    host: fc.constantFrom('ready' as const, 'unknown' as const, 'no-extension' as const, 'no-host' as const),
    lease: fc.option(
      fc.record({
        state: fc.constantFrom('valid' as const, 'expired' as const, 'invalid' as const, 'denied' as const),
        left: fc.integer({ min: -10, max: 10 }),
      }),
    ),
    listed: fc.boolean(),
    zurich: fc.constantFrom('unchecked' as const, 'reachable' as const, 'unreachable' as const),
    bern: fc.constantFrom('unchecked' as const, 'reachable' as const, 'unreachable' as const),
    denied: fc.boolean(),
    refused: fc.boolean(),
  })
  .map(({ workspace, web, host, lease: found, listed, zurich, bern, denied, refused }) => ({
    feed: 'apps',
    workspace,
    web,
    host,
    leases: listed ? new Map(found === null ? [] : [['apps/ledger', lease({ state: found.state, exp: SECOND + found.left })]]) : undefined,
    reachability: new Map([
      ['zurich', site('zurich', zurich)],
      ['bern', site('bern', bern)],
    ]),
    refusals: new Map(refused ? [['apps/ledger', full()]] : []),
    denials: new Map(denied ? [['apps/ledger', '3022']] : []),
    now: NOW,
  }));

test('B-W5a a resource is undimmed only if some known path opens it now', () => {
  fc.assert(
    fc.property(anyCircumstances, (now) => {
      const opens = openable(ledger, now);
      if (opens.can !== 'open') return;
      assert.ok(!now.refusals.has('apps/ledger'));
      if (opens.by === 'workspace') assert.ok(now.workspace === 'live' && now.host === 'ready');
      else {
        assert.ok(opens.by === 'lease' && now.workspace !== 'live');
        assert.ok(opens.lease.state === 'valid' && opens.lease.exp * 1_000 > now.now && !now.denials.has('apps/ledger'));
        assert.ok(['zurich', 'bern'].some((id) => now.reachability.get(id)?.state !== 'unreachable'));
      }
    }),
  );
});

test('what is counted of the leases is what the tiles show in an outage', () => {
  const ids = ['ledger', 'mail', 'payroll', 'build'];
  const held = [
    lease(),
    lease({ state: 'expired', exp: SECOND - 1 }),
    lease({ locations: ['bern'] }),
    lease({ locations: ['zurich'] }),
  ].map((one, at) => ({ ...one, resource: { feed: 'apps', id: ids[at] ?? '' } }));
  const reachability = [site('zurich', 'reachable'), site('bern', 'unreachable')];
  const refusals = [full({ resource: { feed: 'apps', id: 'build' } })];
  const now = outage({
    leases: new Map(held.map((one) => [`apps/${one.resource.id}`, one])),
    reachability: new Map(reachability.map((one) => [one.location, one])),
    refusals: new Map(refusals.map((one) => [`apps/${one.resource.id}`, one])),
  });
  const open = ids.filter((id) => openable({ ...ledger, id }, now).can === 'open');
  assert.deepEqual(open, ['ledger']);
  assert.equal(countOpen(held, { reachability, refusals }, NOW), open.length);
});
