import assert from 'node:assert/strict';
import test from 'node:test';
import { findRevocation } from '#core/trust/revocation';
import { BlockList, BlockReply, CLOUD, ComponentList, type SeenName } from '#protocol/cloud-api';
import { parse } from '#protocol/parse';
import { cloudCall } from '#runtime/http/cloud-client';
import { patience } from '../../../patience.ts';
import { refusedWith } from '../../../refused-with.ts';
import { startRoot, type TestRoot } from '../../service-in-process.ts';

const SUBJECT = 'subject-of-mara';
const UPN = 'mara@test.localhost';
const now = () => Math.floor(Date.now() / 1_000);

const block = (root: TestRoot, target: object, more: object = {}) => root.admin('POST', '/v1/admin/blocks', { target, days: 1, ...more });

/** As a Workspace tells them when people sign in. */
async function tell(root: TestRoot, names: SeenName[], role: 'workspace' | 'broker' = 'workspace'): Promise<void> {
  const teller = await root.component(role, role);
  const options = { signal: new AbortController().signal, deadlineMs: patience(5_000) };
  await cloudCall(teller, root.ref.url, CLOUD.tellNames, { names }, options);
}

test('a block of N days is listed, reaches components, and can be removed', async (t) => {
  const root = await startRoot(t);
  const gateway = await root.component('gateway', 'gateway-1');
  const added = await root.admin('POST', '/v1/admin/blocks', { target: { kind: 'user', user: SUBJECT }, days: 3, anyway: true });
  assert.equal(added.status, 200);
  const { version, entries } = parse(BlockList, added.body);
  assert.equal(version, 2);
  const [entry] = entries;
  assert.ok(entry);
  assert.equal(entry.until - entry.from, 3 * 86_400);
  assert.equal(entry.forget - entry.until, 30 * 86_400, 'as long as the longest lease made before');

  await gateway.refresh();
  const { list } = gateway.trust();
  assert.ok(list);
  assert.ok(findRevocation(list, { subject: SUBJECT, authorizedAt: now() }, now()));
  assert.equal(findRevocation(list, { subject: 'somebody-else', authorizedAt: now() }, now()), undefined);

  const removed = await root.admin('DELETE', `/v1/admin/blocks/${entry.id}`);
  assert.deepEqual(parse(BlockList, removed.body).entries, []);
  await gateway.refresh();
  assert.equal(gateway.trust().list?.version, 3);
  assert.equal((await root.admin('DELETE', `/v1/admin/blocks/${entry.id}`)).status, 404);
});

test('devices, groups and single leases can be blocked too', async (t) => {
  const root = await startRoot(t);
  const targets = [
    { kind: 'group', group: 'Finance' },
    { kind: 'device', jkt: 'A'.repeat(43) },
    { kind: 'lease', lease: 'b'.repeat(22) },
  ];
  for (const target of targets) assert.equal((await root.admin('POST', '/v1/admin/blocks', { target, days: 1, anyway: true })).status, 200);
  const { entries } = parse(BlockList, (await root.admin('GET', '/v1/admin/blocks')).body);
  assert.deepEqual(
    entries.map(({ target }) => target),
    targets,
  );
});

test('B-I8b a block of a group reaches its people in every spelling; of a name that only looks like one there is none', async (t) => {
  const root = await startRoot(t);
  const gateway = await root.component('gateway', 'gateway-1');
  await root.admin('POST', '/v1/admin/blocks', { target: { kind: 'group', group: 'staff' }, days: 1, anyway: true });
  await gateway.refresh();
  const { list } = gateway.trust();
  assert.ok(list);
  for (const group of ['Staff', '/Staff', ' STAFF'])
    assert.ok(findRevocation(list, { groups: ['Other', group], authorizedAt: now() }, now()), group);
  assert.equal(findRevocation(list, { groups: ['/Other/Staff'], authorizedAt: now() }, now()), undefined);
  await root.admin('POST', '/v1/admin/blocks', { target: { kind: 'group', group: 'Zu\u0308rich  Desk' }, days: 1, anyway: true });
  await gateway.refresh();
  const both = gateway.trust().list;
  assert.ok(both && findRevocation(both, { groups: ['Z\u00fcrich desk'], authorizedAt: now() }, now()), 'composed otherwise');
  const alike = { target: { kind: 'group', group: 'Sta\ufb00' }, days: 1, anyway: true };
  assert.equal((await root.admin('POST', '/v1/admin/blocks', alike)).status, 400);
});

test('B-L5h a block that means nobody is refused, with what was not found, and made when --anyway asks for it', async (t) => {
  const root = await startRoot(t);
  const nobody = {
    'user-unseen': { kind: 'user', user: SUBJECT },
    'group-unseen': { kind: 'group', group: 'Stafff' },
    'device-unseen': { kind: 'device', jkt: 'A'.repeat(43) },
    'key-unstated': { kind: 'key', kid: 'A'.repeat(43) },
  };
  for (const [reason, target] of Object.entries(nobody)) {
    const { status, body } = await block(root, target);
    assert.equal(status, 404, reason);
    assert.match(JSON.stringify(body), new RegExp(`"not_found","reason":"${reason}"`, 'u'));
  }
  assert.deepEqual(parse(BlockList, (await root.admin('GET', '/v1/admin/blocks')).body).entries, []);
  for (const target of Object.values(nobody)) assert.equal((await block(root, target, { anyway: true })).status, 200);
  const { entries } = parse(BlockList, (await root.admin('GET', '/v1/admin/blocks')).body);
  assert.deepEqual(
    entries.map(({ target, known }) => [target.kind, known]),
    Object.values(nobody).map(({ kind }) => [kind, undefined]),
  );
  const byName = await block(root, { kind: 'user', user: UPN }, { anyway: true });
  assert.match(JSON.stringify(byName.body), /"bad_request","reason":"no-subject"/u, 'the list has subjects only');
});

test('whom a Workspace has seen can be blocked: groups in every spelling, people by subject and by user principal name', async (t) => {
  const root = await startRoot(t);
  await tell(root, [
    { kind: 'user', subject: SUBJECT, upn: UPN },
    { kind: 'user', subject: 'subject-of-another', upn: 'MARA@test.localhost' },
    { kind: 'user', subject: 'subject-of-nobody' },
    { kind: 'group', group: '/Staff' },
    { kind: 'group', group: 'staff' },
    { kind: 'device', jkt: 'B'.repeat(42).concat('A') },
  ]);
  const blocked = async (target: object) => {
    const { status, body } = await block(root, target);
    assert.equal(status, 200, JSON.stringify(body));
    const { added, entries } = parse(BlockReply, body);
    return entries.filter(({ id }) => added.includes(id));
  };
  const [mara, ...others] = await blocked({ kind: 'user', user: SUBJECT });
  assert.ok(mara?.known && others.length === 0);
  assert.deepEqual([mara.target, mara.known.as], [{ kind: 'user', subject: SUBJECT }, UPN]);
  assert.ok(Math.abs(mara.known.seen - now()) < 60);
  const namesakes = await blocked({ kind: 'user', user: ' Mara@Test.localhost' });
  const subjects = namesakes.map(({ target }) => (target.kind === 'user' ? target.subject : ''));
  assert.deepEqual(new Set(subjects), new Set([SUBJECT, 'subject-of-another']));
  const [staff] = await blocked({ kind: 'group', group: 'STAFF' });
  assert.deepEqual(staff?.target, { kind: 'group', group: 'STAFF' });
  assert.ok(staff.known);
  const [device] = await blocked({ kind: 'device', jkt: 'B'.repeat(42).concat('A') });
  assert.ok(device?.known);
  assert.equal((await block(root, { kind: 'group', group: '/Other/Staff' })).status, 404);
  assert.equal((await block(root, { kind: 'group', group: SUBJECT })).status, 404, 'a person is no group');
});

test('a name that very many people are said to have blocks none of them: the list would fill', async (t) => {
  const root = await startRoot(t);
  await tell(
    root,
    Array.from({ length: 11 }, (_, n): SeenName => ({ kind: 'user', subject: `subject-${n + 10}`, upn: UPN })),
  );
  const { status, body } = await block(root, { kind: 'user', user: UPN });
  assert.equal(status, 400);
  assert.match(JSON.stringify(body), /people-alike/u);
});

test('a key is judged by the ledger, and listed with its component; only a Workspace may tell names', async (t) => {
  const root = await startRoot(t);
  await assert.rejects(
    tell(root, [{ kind: 'group', group: 'Staff' }], 'broker'),
    refusedWith('untrusted_peer', /Invalid trust statement/u),
  );
  const { components } = parse(ComponentList, (await root.admin('GET', '/v1/admin/components')).body);
  const kid = components[0]?.keys[0]?.kid;
  const { entries } = parse(BlockReply, (await block(root, { kind: 'key', kid })).body);
  assert.deepEqual(
    entries.map(({ target, known }) => [target, known?.as]),
    [[{ kind: 'key', kid }, 'broker broker']],
  );
});

test('a block is removed by its id, whatever another administrator removed meanwhile', async (t) => {
  const root = await startRoot(t);
  const groups = ['Finance', 'Sales', 'Staff'];
  for (const group of groups) await root.admin('POST', '/v1/admin/blocks', { target: { kind: 'group', group }, days: 1, anyway: true });
  const entries = async () => parse(BlockList, (await root.admin('GET', '/v1/admin/blocks')).body).entries;
  const [finance, sales] = await entries();
  assert.ok(finance && sales);
  await root.admin('DELETE', `/v1/admin/blocks/${finance.id}`);
  await root.admin('DELETE', `/v1/admin/blocks/${sales.id}`);
  assert.deepEqual(
    (await entries()).map(({ target }) => target),
    [{ kind: 'group', group: 'Staff' }],
  );
  assert.equal((await root.admin('DELETE', `/v1/admin/blocks/${finance.id}`)).status, 404, 'the same again removes nothing else');
  assert.equal((await root.admin('DELETE', '/v1/admin/blocks/0')).status, 400);
  assert.equal((await entries()).length, 1);
});

test('the administration wants its token, and says what is wrong with a request', async (t) => {
  const root = await startRoot(t);
  assert.equal((await root.admin('GET', '/v1/admin/blocks', undefined, 'a wrong token')).status, 401);
  const bad = await root.admin('POST', '/v1/admin/blocks', { target: { kind: 'user', user: SUBJECT }, days: 0 });
  assert.equal(bad.status, 400);
  assert.match(JSON.stringify(bad.body), /bad_request.*days/u);
});
