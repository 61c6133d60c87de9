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
