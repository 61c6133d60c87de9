import assert from 'node:assert/strict';
import test from 'node:test';
import { findRevocation } from '#core/trust/revocation';
import { BlockList } from '#protocol/cloud-api';
import { parse } from '#protocol/parse';
import { startRoot } from '../../service-in-process.ts';

const SUBJECT = 'subject-of-mara';
const now = () => Math.floor(Date.now() / 1_000);

test('B-L5 a block of N days is listed, reaches components, and can be removed', async (t) => {
  const root = await startRoot(t);
  const gateway = await root.component('gateway', 'gateway-1');
  const added = await root.admin('POST', '/v1/admin/blocks', { target: { kind: 'user', subject: SUBJECT }, days: 3 });
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

test('B-L7 devices, groups and single leases can be blocked too', async (t) => {
  const root = await startRoot(t);
  const targets = [
    { kind: 'group', group: 'Finance' },
    { kind: 'device', jkt: 'A'.repeat(43) },
    { kind: 'lease', lease: 'b'.repeat(22) },
  ];
  for (const target of targets) assert.equal((await root.admin('POST', '/v1/admin/blocks', { target, days: 1 })).status, 200);
  const { entries } = parse(BlockList, (await root.admin('GET', '/v1/admin/blocks')).body);
  assert.deepEqual(
    entries.map(({ target }) => target),
    targets,
  );
});

test('B-I8 a block of a group reaches its people in every spelling; of a name that only looks like one there is none', async (t) => {
  const root = await startRoot(t);
  const gateway = await root.component('gateway', 'gateway-1');
  await root.admin('POST', '/v1/admin/blocks', { target: { kind: 'group', group: 'staff' }, days: 1 });
  await gateway.refresh();
  const { list } = gateway.trust();
  assert.ok(list);
  for (const group of ['Staff', '/Staff', ' STAFF'])
    assert.ok(findRevocation(list, { groups: ['Other', group], authorizedAt: now() }, now()), group);
  assert.equal(findRevocation(list, { groups: ['/Other/Staff'], authorizedAt: now() }, now()), undefined);
  const alike = { target: { kind: 'group', group: 'Sta\ufb00' }, days: 1 };
  assert.equal((await root.admin('POST', '/v1/admin/blocks', alike)).status, 400);
});

test('B-L5 a block is removed by its id, whatever another administrator removed meanwhile', async (t) => {
  const root = await startRoot(t);
  const groups = ['Finance', 'Sales', 'Staff'];
  for (const group of groups) await root.admin('POST', '/v1/admin/blocks', { target: { kind: 'group', group }, days: 1 });
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
  const bad = await root.admin('POST', '/v1/admin/blocks', { target: { kind: 'user', subject: SUBJECT }, days: 0 });
  assert.equal(bad.status, 400);
  assert.match(JSON.stringify(bad.body), /bad_request.*days/u);
});
