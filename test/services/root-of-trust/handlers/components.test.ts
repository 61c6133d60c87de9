import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import { sql } from 'kysely';
import { judgeStatement } from '#core/trust/trust';
import { BlockList, ComponentList } from '#protocol/cloud-api';
import { parse } from '#protocol/parse';
import { loadOrMakeKeys } from '#runtime/component/keys';
import { rootClient } from '#runtime/component/root-client';
import { nodeCrypto } from '#runtime/jose/primitives';
import { openStore } from '../../../../services/root-of-trust/store.ts';
import { SILENT } from '../../../log.ts';
import { refusedWith } from '../../../refused-with.ts';
import { sqliteDatabase } from '../../database.ts';
import { startRoot, type TestRoot } from '../../service-in-process.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const now = () => Math.floor(Date.now() / 1_000);

async function listed(root: TestRoot): Promise<string[]> {
  const { components } = parse(ComponentList, (await root.admin('GET', '/v1/admin/components')).body);
  return components.map(({ role, id, keys }) => `${role} ${id}: ${keys.map(({ state }) => state).join(', ')}`);
}

test('every component is listed with all of its keys, the withdrawn ones too', async (t) => {
  const root = await startRoot(t);
  await root.component('broker', 'broker-1');
  await root.component('gateway', 'gateway-1');
  await root.component('gateway', 'gateway-1');
  assert.deepEqual(await listed(root), ['broker broker-1: current', 'gateway gateway-1: current, withdrawn']);
});

describe('B-L6d removing or revoking a component withdraws its keys', () => {
  test('a removed component is refused by everybody, stands in no directory, and does not come back with an old join token', async (t) => {
    const root = await startRoot(t);
    const broker = await root.component('broker', 'broker-1');
    const keys = await loadOrMakeKeys(await temporaryFolder(t), 'gateway-1');
    const client = rootClient(root.ref, keys, t.signal);
    t.after(() => client.close());
    const first = await client.enrol(await root.joinToken('gateway', 'gateway-1'));
    const next = rootClient(root.ref, await loadOrMakeKeys(await temporaryFolder(t), 'gateway-1'), t.signal);
    t.after(() => next.close());
    const second = await next.renew('', keys);
    const token = await root.joinToken('gateway', 'gateway-1');
    await broker.refresh();
    assert.equal((await root.admin('DELETE', '/v1/admin/components/gateway/gateway-1')).status, 200);
    await broker.refresh();
    for (const { statement } of [first, second]) {
      const judged = judgeStatement(nodeCrypto, broker.trust(), statement, now(), { roles: ['gateway'] });
      assert.equal(judged.ok ? 'good' : judged.why, 'revoked', 'each key that was ever stated of it');
    }
    assert.deepEqual(
      broker.statements().map(({ id }) => id),
      ['broker-1', 'root-of-trust'],
    );
    assert.deepEqual(await listed(root), ['broker broker-1: current']);
    await assert.rejects(root.enrol('gateway', 'gateway-1', token), refusedWith('join_token_used'));
    assert.equal((await root.admin('DELETE', '/v1/admin/components/gateway/gateway-1')).status, 404);
  });

  test('a component whose keys are withdrawn stays listed and may enrol again; the withdrawal is never undone', async (t) => {
    const root = await startRoot(t);
    await root.component('gateway', 'gateway-1');
    assert.equal((await root.admin('DELETE', '/v1/admin/components/gateway/gateway-1/keys')).status, 200);
    assert.deepEqual(await listed(root), ['gateway gateway-1: withdrawn']);
    const [entry] = parse(BlockList, (await root.admin('GET', '/v1/admin/blocks')).body).entries;
    assert.equal((await root.admin('DELETE', `/v1/admin/blocks/${entry?.id}`)).status, 409);
    await root.component('gateway', 'gateway-1');
    assert.deepEqual(await listed(root), ['gateway gateway-1: current, withdrawn']);
  });

  for (const [what, path] of [
    ['was removed', ''],
    ['lost its keys', '/keys'],
  ] as const) {
    test(`whoever finds the keys of a component that ${what} when its statement had ended gets no new one`, async (t) => {
      const root = await startRoot(t);
      const keys = await loadOrMakeKeys(await temporaryFolder(t), 'gateway-1');
      const client = rootClient(root.ref, keys, t.signal);
      t.after(() => client.close());
      await client.enrol(await root.joinToken('gateway', 'gateway-1'));
      const store = await openStore(root.database, SILENT);
      t.after(() => store.close());
      await store.sql
        .updateTable('root_key')
        .set({ ends: now() - 86_400 })
        .execute();
      assert.ok((await client.renew('')).statement, 'it was only away');
      await store.sql
        .updateTable('root_key')
        .set({ ends: now() - 86_400 })
        .execute();

      assert.equal((await root.admin('DELETE', `/v1/admin/components/gateway/gateway-1${path}`)).status, 200);
      await assert.rejects(client.renew(''), refusedWith('untrusted_peer', /withdrawn/u));
    });
  }

  test('a removal that fails on the way removes nothing, and keeps no keys without a listing', async (t) => {
    const root = await startRoot(t, await sqliteDatabase(t));
    await root.component('gateway', 'gateway-1');
    const store = await openStore(root.database, SILENT);
    t.after(() => store.close());
    // The last step of a removal fails: nothing of it may remain.
    await sql`create trigger no_removal before update of removed_at on root_key begin select raise(abort, 'disk'); end`.execute(store.sql);
    assert.equal((await root.admin('DELETE', '/v1/admin/components/gateway/gateway-1')).status, 500);
    assert.deepEqual(await listed(root), ['gateway gateway-1: current']);
  });
});
