/** What a Workspace tells the root of trust about who signs in: by itself, and in a whole cloud whose root of trust is away. */
import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import type { SeenName } from '#protocol/cloud-api';
import { HoldfastError } from '#protocol/errors';
import { LIMITS } from '#protocol/limits';
import { namesOf, openSeenNames } from '../../../services/workspace/seen-names.ts';
import { SILENT } from '../../log.ts';
import { until, untilHolds } from '../../until.ts';
import { newDevice } from '../device.ts';
import { signIn } from '../person.ts';
import { MARA, PASSWORD, startWholeCloud } from '../whole-cloud.ts';

const group = (name: string): SeenName => ({ kind: 'group', group: name });
const named = (names: readonly SeenName[]) => names.map((name) => (name.kind === 'group' ? name.group : name.kind));

/** `fails`: what the next tries end with. */
function telling(t: TestContext, fails: Error[] = []) {
  const clock = { ms: 0 };
  const tries: string[][] = [];
  const send = async (names: SeenName[]) => {
    tries.push(named(names));
    const failure = fails.shift();
    if (failure !== undefined) throw failure;
  };
  const seen = openSeenNames({ send, now: () => clock.ms, signal: t.signal, log: SILENT, retryMs: 1 });
  return { seen, tries, clock };
}

test('a name is told once an hour, however many people sign in with it', async (t) => {
  const { seen, tries, clock } = telling(t);
  seen.note([group('Staff'), group('Board')]);
  await until('told', () => tries.length === 1);
  seen.note([group('Staff'), group('Sales')]);
  await until('told', () => tries.length === 2);
  clock.ms = 3_599_999;
  seen.note([group('Staff')]);
  clock.ms = 3_600_000;
  seen.note([group('Staff')]);
  await until('told', () => tries.length === 3);
  assert.deepEqual(tries, [['Staff', 'Board'], ['Sales'], ['Staff']]);
});

test('names wait while the root of trust is away, and go in few messages when it is back', async (t) => {
  const away = () => new HoldfastError('unavailable');
  const { seen, tries } = telling(t, [away(), away()]);
  const many = Array.from({ length: LIMITS.seenNames + 10 }, (_, n) => group(`Group ${n}`));
  for (const name of many) seen.note([name]);
  const toldOf = () => new Set(tries.slice(2).flat());
  await until('all told', () => toldOf().size === many.length);
  assert.ok(tries.every((names) => names.length <= LIMITS.seenNames));
  assert.ok(tries.length <= 5, `${tries.length}`);
});

test('names that the root of trust refuses hold nothing up, and are told anew at the next sign-in', async (t) => {
  const { seen, tries } = telling(t, [new HoldfastError('bad_request')]);
  seen.note([group('Staff')]);
  await until('refused', () => tries.length === 1);
  seen.note([group('Board')]);
  await until('the next', () => tries.length === 2);
  seen.note([group('Staff')]);
  await until('told', () => tries.length === 3);
  assert.deepEqual(tries, [['Staff'], ['Board'], ['Staff']]);
});

test('no more than a bound waits', async (t) => {
  const gate = Promise.withResolvers<void>();
  const told: SeenName[] = [];
  const send = async (names: SeenName[]) => {
    await gate.promise;
    told.push(...names);
  };
  const seen = openSeenNames({ send, now: () => 0, signal: t.signal, log: SILENT });
  for (let n = 0; n < 12_000; n++) seen.note([group(`Group ${n}`)]);
  gate.resolve();
  await until('told', () => told.length === 10_000);
});

test('a person’s names: without a user principal name the subject does not stand for one', () => {
  const user = { subject: 'subject-of-mara', name: 'Mara', upn: MARA, groups: ['Staff'] };
  assert.deepEqual(namesOf(user), [{ kind: 'user', subject: user.subject, upn: MARA }, group('Staff')]);
  const unsaid = { subject: user.subject, name: 'Mara', upn: user.subject };
  assert.deepEqual(namesOf(unsaid), [{ kind: 'user', subject: user.subject }]);
});

test('B-L5j a sign-in waits for no root of trust, and its names are known there when that is back', async (t) => {
  const cloud = await startWholeCloud(t);
  const blocks = async (target: object) => (await cloud.root.admin('POST', '/v1/admin/blocks', { target, days: 1 })).status;
  assert.equal(await blocks({ kind: 'group', group: 'staff' }), 404);
  const device = newDevice();
  await cloud.root.restart(async () => {
    const person = await signIn(t, cloud, MARA, PASSWORD);
    assert.equal(person.session.user.upn, MARA);
    await person.deviceToken(device);
  });
  await untilHolds(async () => (await blocks({ kind: 'device', jkt: device.jkt })) === 200 || undefined);
  assert.equal(await blocks({ kind: 'group', group: 'staff' }), 200);
  assert.equal(await blocks({ kind: 'user', user: MARA }), 200);
  assert.equal(await blocks({ kind: 'user', user: 'otto@test.localhost' }), 404, 'who has not signed in');
});
