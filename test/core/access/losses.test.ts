import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Losses, locationsFound, NO_LOSSES, sessionsOver, sessionsRun, withoutLoss } from '#core/access/losses';
import type { Reachability, RunningSession } from '#protocol/host';

const AT = 1_800_000_000_000;
const session = (id: string, location = 'zurich'): RunningSession => ({
  session: id.padEnd(22, 'A'),
  resource: { feed: 'apps', id },
  name: id,
  protocol: 'rdp',
  sessionHost: `${location}-host-1`,
  location,
  route: 'direct',
  mode: 'ticket',
  since: AT - 60_000,
  viewer: 'FreeRDP',
  correlationId: '7f3a91c2',
});
const zurich = (state: Reachability['state']): Reachability => ({ location: 'zurich', name: 'Zurich', state });
const known = (state: Reachability['state']) => new Map([['zurich', zurich(state)]]);
const lossOf = (losses: Losses) => losses.byLocation.get('zurich');
const names = (losses: Losses) => lossOf(losses)?.ended.map(({ name }) => name);

test('a location that answered and stops is lost, one that never answered is not', () => {
  assert.equal(lossOf(locationsFound(NO_LOSSES, known('reachable'), [zurich('unreachable')], AT))?.is, 'silent');
  for (const before of [new Map<string, Reachability>(), known('unchecked'), known('unreachable')])
    assert.equal(lossOf(locationsFound(NO_LOSSES, before, [zurich('unreachable')], AT)), undefined);
});

test('the sessions that ended just before their location was found silent ended with it, since then', () => {
  const over = sessionsOver(NO_LOSSES, [session('ledger'), session('mail')], false, known('reachable'), AT);
  assert.equal(lossOf(over), undefined, 'not known yet');
  const lost = locationsFound(over, known('reachable'), [zurich('unreachable')], AT + 4_000);
  assert.deepEqual([lossOf(lost)?.at, names(lost)], [AT, ['ledger', 'mail']]);
});

test('a session that the person closed long before, or in a location that goes on, is not told', () => {
  const over = sessionsOver(NO_LOSSES, [session('ledger'), session('mail', 'bern')], false, known('reachable'), AT);
  const fine = locationsFound(over, known('reachable'), [zurich('reachable')], AT + 4_000);
  assert.equal(lossOf(fine), undefined);
  const later = locationsFound(fine, known('reachable'), [zurich('unreachable')], AT + 10_001);
  assert.deepEqual(names(later), []);
});

test('a session that was cut is told although its location answers, once', () => {
  const cut = sessionsOver(NO_LOSSES, [session('ledger')], true, known('reachable'), AT);
  const listed = sessionsOver(cut, [session('ledger')], false, known('reachable'), AT + 100);
  assert.deepEqual([lossOf(listed)?.is, names(listed)], ['sessions', ['ledger']]);
});

test('its return is told where sessions ended, and quiet where none did', () => {
  const quiet = locationsFound(NO_LOSSES, known('reachable'), [zurich('unreachable')], AT);
  assert.equal(lossOf(locationsFound(quiet, known('unreachable'), [zurich('reachable')], AT + 60_000)), undefined);
  const lost = sessionsOver(quiet, [session('ledger')], false, known('unreachable'), AT + 1_000);
  const back = locationsFound(lost, known('unreachable'), [zurich('reachable')], AT + 60_000);
  assert.deepEqual([lossOf(back)?.is, lossOf(back)?.at], ['back', AT]);
});

test('what runs again is no longer told, and what was put away stays away until it happens again', () => {
  const lost = sessionsOver(NO_LOSSES, [session('ledger'), session('mail')], true, known('reachable'), AT);
  const half = sessionsRun(lost, [session('mail')]);
  assert.deepEqual(names(half), ['ledger']);
  assert.equal(lossOf(sessionsRun(half, [session('ledger')])), undefined);
  const silent = locationsFound(NO_LOSSES, known('reachable'), [zurich('unreachable')], AT);
  const away = withoutLoss(silent, 'zurich');
  assert.equal(lossOf(locationsFound(away, known('unreachable'), [zurich('unreachable')], AT + 30_000)), undefined);
});

test('each session that ends is told once, beside those that ended before', () => {
  const first = sessionsOver(NO_LOSSES, [session('ledger')], true, known('reachable'), AT);
  const twice = sessionsOver(first, [session('ledger'), session('mail')], true, known('reachable'), AT + 100);
  assert.deepEqual(names(twice), ['ledger', 'mail']);
});

test('a loss is what its location was found as when it began, and goes by its id where nobody told its name', () => {
  const over = (reachability: ReadonlyMap<string, Reachability>) =>
    lossOf(sessionsOver(NO_LOSSES, [session('mail')], true, reachability, AT));
  assert.deepEqual([over(known('unreachable'))?.is, over(known('unreachable'))?.name], ['silent', 'Zurich']);
  assert.deepEqual([over(known('reachable'))?.is, over(new Map())?.is, over(new Map())?.name], ['sessions', 'sessions', 'zurich']);
});

test('a session that ends after the location came back begins it anew, one that ends in its silence belongs to that', () => {
  const lost = sessionsOver(NO_LOSSES, [session('ledger')], false, known('unreachable'), AT);
  const during = sessionsOver(lost, [session('mail')], true, known('reachable'), AT + 1_000);
  assert.deepEqual([lossOf(during)?.is, names(during)], ['silent', ['ledger', 'mail']]);
  const back = locationsFound(lost, known('unreachable'), [zurich('reachable')], AT + 60_000);
  const cut = sessionsOver(back, [session('mail')], true, known('reachable'), AT + 61_000);
  assert.deepEqual([lossOf(cut)?.is, names(cut)], ['sessions', ['ledger', 'mail']]);
  const silent = sessionsOver(back, [session('mail')], true, known('unreachable'), AT + 61_000);
  assert.equal(lossOf(silent)?.is, 'silent');
});

test('a session ended with its location when that was found silent within ten seconds', () => {
  const over = sessionsOver(NO_LOSSES, [session('ledger')], false, known('reachable'), AT);
  const found = (ms: number) => names(locationsFound(over, known('reachable'), [zurich('unreachable')], AT + ms));
  assert.deepEqual([found(10_000), found(10_001)], [['ledger'], []]);
});

test('a session ended with its own location, not with another that was lost at the same time', () => {
  const over = sessionsOver(NO_LOSSES, [session('ledger'), session('mail', 'bern')], false, known('reachable'), AT);
  const lost = locationsFound(over, known('reachable'), [zurich('unreachable')], AT + 1_000);
  assert.deepEqual(names(lost), ['ledger']);
  assert.deepEqual(
    lost.recent.map((one) => one.session.name),
    ['mail'],
  );
});

test('silence counts from its beginning however often it is found, and anew after a return', () => {
  const over = sessionsOver(NO_LOSSES, [session('ledger')], false, known('reachable'), AT);
  const lost = locationsFound(over, known('reachable'), [zurich('unreachable')], AT + 1_000);
  const still = locationsFound(lost, known('unreachable'), [zurich('unreachable')], AT + 2_000);
  assert.deepEqual([lossOf(still)?.at, names(still)], [AT, ['ledger']]);
  const early = { ...lost, recent: [{ session: session('mail'), at: AT - 500 }] };
  assert.equal(lossOf(locationsFound(early, known('unreachable'), [zurich('unreachable')], AT + 2_000))?.at, AT, 'known is known');
  const back = locationsFound(lost, known('unreachable'), [zurich('reachable')], AT + 60_000);
  const again = locationsFound(back, known('reachable'), [zurich('unreachable')], AT + 90_000);
  assert.deepEqual([lossOf(again)?.at, lossOf(again)?.is], [AT + 90_000, 'silent']);
});

test('what was put away with its sessions stays away', () => {
  const over = sessionsOver(NO_LOSSES, [session('ledger')], false, known('reachable'), AT);
  const lost = locationsFound(over, known('reachable'), [zurich('unreachable')], AT + 1_000);
  const away = withoutLoss(lost, 'zurich');
  assert.equal(lossOf(locationsFound(away, known('unreachable'), [zurich('unreachable')], AT + 2_000)), undefined);
});

test('what runs elsewhere, or nothing, mends nothing; one of several that run does', () => {
  const lost = sessionsOver(NO_LOSSES, [session('ledger')], true, known('reachable'), AT);
  for (const running of [[], [session('mail')]]) assert.equal(sessionsRun(lost, running), lost);
  assert.equal(lossOf(sessionsRun(lost, [session('mail'), session('ledger')])), undefined);
});
