import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TIMES } from '#protocol/limits';
import type { Revocation } from '#protocol/trust';
import type { TimeMark } from '#runtime/files/time-mark';
import { openSessions } from '../../../services/session-host/sessions.ts';
import { SILENT } from '../../log.ts';
import { DAY, grantClaims, MARA, NOW, newDevice, newWorld } from '../../vectors/world.ts';

const world = newWorld();
const device = newDevice();

function host({ marked = 0, entries = [] }: { readonly marked?: number; readonly entries?: Revocation[] } = {}) {
  const clock = { seconds: NOW };
  const raised: number[] = [];
  const mark: TimeMark = { read: () => marked, raise: (at) => void raised.push(at) };
  const trust = { current: world.trustWith(entries) };
  const sessions = openSessions({ trust: () => trust.current, now: () => clock.seconds, mark, log: SILENT });
  let changes = 0;
  sessions.onChange(() => changes++);
  return { sessions, clock, raised, trust, changes: () => changes };
}

test('a grant is used once, for as long as any clock may take it', () => {
  const grant = grantClaims(device);
  const { sessions, clock } = host();
  assert.equal(sessions.isNew(grant), true);
  const lastSecond = NOW + TIMES.grantSeconds + TIMES.ticketSkewSeconds;
  for (const seconds of [NOW, NOW + TIMES.grantSeconds, NOW + TIMES.grantSeconds + 1, lastSecond]) {
    clock.seconds = seconds;
    assert.equal(sessions.isNew(grant), false, `${seconds - NOW} s after`);
  }
  clock.seconds = lastSecond + 1;
  assert.equal(sessions.isNew(grant), true, 'forgotten: by then it is refused for its age');
});

test('another grant is another', () => {
  const { sessions } = host();
  assert.deepEqual([sessions.isNew(grantClaims(device)), sessions.isNew(grantClaims(device))], [true, true]);
});

test('a grant that is dated ahead is remembered across restarts by its time', () => {
  const { sessions, raised } = host();
  sessions.isNew(grantClaims(device, { iat: NOW }));
  assert.deepEqual(raised, []);
  sessions.isNew(grantClaims(device, { iat: NOW + 1 }));
  assert.deepEqual(raised, [NOW + 1]);
});

test('after a start only what is issued later counts: later than the start, and than all that was used', () => {
  assert.equal(host().sessions.startedAt, NOW + 1);
  assert.equal(host({ marked: NOW + 20 }).sessions.startedAt, NOW + 21);
  assert.equal(host({ marked: NOW - 20 }).sessions.startedAt, NOW + 1);
});

test('sessions are reported from their beginning to their end, and each change is told', () => {
  const { sessions, changes } = host();
  const grant = grantClaims(device);
  const over = sessions.begin(grant, () => {});
  assert.deepEqual(sessions.report(), [
    {
      session: grant.session,
      subject: MARA.subject,
      user: MARA.name,
      resource: { feed: 'apps', id: 'ledger' },
      mode: 'lease',
      since: NOW,
      attached: true,
    },
  ]);
  over();
  assert.deepEqual([sessions.report(), changes()], [[], 2]);
});

test('a session that was taken up again is not ended by the end of its former connection', () => {
  const { sessions, changes } = host();
  const grant = grantClaims(device);
  const former = sessions.begin(grant, () => {});
  sessions.begin({ ...grantClaims(device), session: grant.session }, () => {});
  former();
  assert.deepEqual([sessions.report().length, changes()], [1, 2]);
});

test('B-L5e the running sessions of a blocked person end, and nobody else’s', () => {
  const { sessions, trust } = host();
  const ended: string[] = [];
  const john = { ...MARA, subject: 'john-0123456789', groups: [] };
  sessions.begin(grantClaims(device), () => ended.push('mara'));
  sessions.begin(grantClaims(device, { user: john }), () => ended.push('john'));
  sessions.endRevoked();
  assert.deepEqual(ended, []);
  const { list: _, ...listless } = trust.current;
  trust.current = listless;
  sessions.endRevoked();
  assert.deepEqual(ended, []);
  trust.current = world.trustWith([{ target: { kind: 'group', group: 'Finance' }, from: NOW, until: NOW + DAY, forget: NOW + 31 * DAY }]);
  sessions.endRevoked();
  assert.deepEqual(ended, ['mara']);
});
