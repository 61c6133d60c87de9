/** The root of trust is backed up, changed, destroyed and restored, and goes on: nothing that it signed since is undone by that. */
import assert from 'node:assert/strict';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import test, { describe } from 'node:test';
import { BlockList, ComponentList } from '#protocol/cloud-api';
import { parse } from '#protocol/parse';
import type { Component } from '#runtime/component/component';
import { loadOrMakeKeys } from '#runtime/component/keys';
import { rootClient } from '#runtime/component/root-client';
import { listBundles } from '../../../services/root-of-trust/ceremony-folder.ts';
import { rotate } from '../../../services/root-of-trust/rotate.ts';
import { openStore } from '../../../services/root-of-trust/store.ts';
import { SILENT } from '../../log.ts';
import { refusedWith } from '../../refused-with.ts';
import { untilHolds } from '../../until.ts';
import { backUp } from '../backup.ts';
import { startRoot, type TestRoot } from '../service-in-process.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const block = (root: TestRoot, group: string) =>
  root.admin('POST', '/v1/admin/blocks', { target: { kind: 'group', group }, days: 1, anyway: true });

async function blocked(root: TestRoot): Promise<string[]> {
  const { entries } = parse(BlockList, (await root.admin('GET', '/v1/admin/blocks')).body);
  return entries.flatMap(({ target }) => (target.kind === 'group' ? [target.group] : [])).sort();
}

function heardBy({ trust }: Component): string[] {
  return (trust().list?.entries ?? []).flatMap(({ target }) => (target.kind === 'group' ? [target.group] : [])).sort();
}

describe('B-L6f a restored root takes back what it signed, and never signs below it', () => {
  test('a block made after the root’s database was restored reaches everybody, and none made before it is lost', async (t) => {
    const root = await startRoot(t);
    const gateway = await root.component('gateway', 'gateway-1');
    await block(root, 'Before');
    const restore = await backUp(t, root.database);
    for (const group of ['Since', 'Later', 'Last']) await block(root, group);
    await gateway.refresh();
    const before = gateway.trust().list?.version ?? 0;

    await root.restart(restore);
    await block(root, 'After');
    await untilHolds(async () => {
      await gateway.refresh();
      return heardBy(gateway).length === 5;
    });
    assert.deepEqual(heardBy(gateway), ['After', 'Before', 'Last', 'Later', 'Since']);
    assert.deepEqual(await blocked(root), ['After', 'Before', 'Last', 'Later', 'Since']);
    assert.ok((gateway.trust().list?.version ?? 0) > before, 'never again below what was signed');
    assert.equal(gateway.complaint(), undefined);
  });

  test('a block that was taken away after the backup comes back with it: what is refused errs on that side', async (t) => {
    const root = await startRoot(t);
    const gateway = await root.component('gateway', 'gateway-1');
    await block(root, 'Staff');
    const restore = await backUp(t, root.database);
    const [entry] = parse(BlockList, (await root.admin('GET', '/v1/admin/blocks')).body).entries;
    await root.admin('DELETE', `/v1/admin/blocks/${entry?.id}`);
    await gateway.refresh();
    assert.deepEqual(heardBy(gateway), [], 'a removal is signed, so it takes the entry away');
    await root.restart(restore);
    await untilHolds(async () => {
      await gateway.refresh();
      return heardBy(gateway).length === 1;
    });
  });

  test('components that enrolled after the backup stay known to all, are known to the restored root again, and stolen keys stay withdrawn', async (t) => {
    const root = await startRoot(t);
    const broker = await root.component('broker', 'broker-1');
    const thief = await root.component('gateway', 'gateway-1');
    const used = await root.joinToken('gateway', 'gateway-2');
    const restore = await backUp(t, root.database);
    await root.component('gateway', 'gateway-1');
    const connector = await root.component('connector', 'bern-1', 'bern');
    await root.enrol('gateway', 'gateway-2', used);
    await broker.refresh();
    const named = () => broker.statements().map(({ role, id }) => `${role} ${id}`);
    const before = named();

    await root.restart(restore);
    await broker.refresh();
    assert.deepEqual(named(), before, 'an answer that lacks them takes nothing away');
    await untilHolds(async () => {
      await Promise.all([broker.refresh(), connector.refresh(), thief.refresh()]);
      const { components } = parse(ComponentList, (await root.admin('GET', '/v1/admin/components')).body);
      return components.some(({ id }) => id === 'bern-1') && connector.complaint() === undefined;
    });
    assert.match(thief.complaint() ?? '', /refuses it.*key-withdrawn/u);
    await assert.rejects(root.enrol('gateway', 'gateway-2', used), refusedWith('join_token_used'), 'it was used before');
    assert.equal(
      Object.keys(connector.locationKeys()).length,
      2,
      'leases are sealed to a key that the root has, older ones open as before',
    );
  });

  test('a component that was removed when its statement had ended does not come back with the backup from before', async (t) => {
    const root = await startRoot(t);
    const broker = await root.component('broker', 'broker-1');
    const keys = await loadOrMakeKeys(await temporaryFolder(t), 'gateway-1');
    const thief = rootClient(root.ref, keys, t.signal);
    t.after(() => thief.close());
    await thief.enrol(await root.joinToken('gateway', 'gateway-1'));
    const store = await openStore(root.database, SILENT);
    await store.sql.updateTable('root_key').set({ ends: 0 }).where('kid', '=', keys.signer.kid).execute();
    await store.close();
    const restore = await backUp(t, root.database);
    await root.admin('DELETE', '/v1/admin/components/gateway/gateway-1');
    await broker.refresh();

    await root.restart(restore);
    await broker.refresh();
    await assert.rejects(thief.renew(''), refusedWith('untrusted_peer', /withdrawn/u));
  });

  test('a root whose folder was restored takes the newer root bundle back from its components', async (t) => {
    const root = await startRoot(t);
    const broker = await root.component('broker', 'broker-1');
    const backup = join(await temporaryFolder(t), 'ceremony');
    await cp(root.dir, backup, { recursive: true });
    await rotate({ dir: root.dir, roles: ['issuer'] });
    await untilHolds(async () => {
      await broker.refresh();
      return broker.trust().bundle.version === 2;
    });

    await root.restart(async () => {
      await rm(root.dir, { recursive: true });
      await cp(backup, root.dir, { recursive: true });
    });
    await untilHolds(async () => {
      await broker.refresh();
      return (await listBundles(join(root.dir, 'bundles'))).includes('root.2.json');
    });
    await untilHolds(async () => {
      await broker.refresh();
      return broker.complaint() === undefined;
    });
    assert.equal(broker.trust().bundle.version, 2);
  });
});
