import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { judgeRevocationList } from '#core/trust/revocation';
import { TYP } from '#protocol/jose';
import { nodeCrypto } from '#runtime/jose/primitives';
import { openAuthority } from '../../../services/root-of-trust/authority.ts';
import { blockId } from '../../../services/root-of-trust/block-id.ts';
import { holdCeremony } from '../../../services/root-of-trust/ceremony.ts';
import { openRevocations } from '../../../services/root-of-trust/revocations.ts';
import { rotate } from '../../../services/root-of-trust/rotate.ts';
import { openStore } from '../../../services/root-of-trust/store.ts';
import { SILENT } from '../../log.ts';
import { refusedWith } from '../../refused-with.ts';
import { DAY, NOW } from '../../vectors/world.ts';
import { testDatabase } from '../database.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const MARA = { kind: 'user' as const, subject: 'mara-0123456789' };

async function opened(t: TestContext) {
  const dir = join(await temporaryFolder(t), 'ceremony');
  const { roleKeys: keys } = await holdCeremony({ dir, tenant: 'test' });
  const store = await openStore(await testDatabase(t), SILENT);
  t.after(() => store.close());
  const authority = await openAuthority({ keys });
  const clock = { seconds: NOW };
  const instance = () => openRevocations(store, authority, () => clock.seconds);
  return { dir, store, authority, clock, instance, list: await instance() };
}

describe('the list that is given out', () => {
  test('is signed anew once it is thirty seconds old, with a higher version, so that peers pass the younger one on', async (t) => {
    const { clock, list } = await opened(t);
    const first = await list.fresh();
    clock.seconds = NOW + 29;
    assert.equal(await list.fresh(), first);
    clock.seconds = NOW + 30;
    const second = await list.fresh();
    assert.deepEqual([second.list.iat, second.list.version], [NOW + 30, first.list.version + 1]);
  });

  test('is signed anew when the clock was turned back: nobody waits for it to catch up', async (t) => {
    const { clock, list } = await opened(t);
    await list.fresh();
    clock.seconds = NOW - 10;
    assert.equal((await list.fresh()).list.iat, NOW - 10);
  });

  test('is never by a revoker that was replaced, however young', async (t) => {
    const { dir, authority, list } = await opened(t);
    const former = await list.fresh();
    await rotate({ dir, roles: ['revoker'] });
    await authority.reload();
    const after = await list.fresh();
    assert.notEqual(after.kid, former.kid);
    assert.equal(after.kid, authority.current().revoker.kid);
    assert.ok(judgeRevocationList(nodeCrypto, authority.current().newest.bundle, after.token).ok);
  });

  test('has what another instance has changed meanwhile', async (t) => {
    const { instance, list } = await opened(t);
    await list.fresh();
    const other = await instance();
    const { signed } = await other.block([MARA], 1);
    const seen = await list.fresh();
    assert.deepEqual([seen.list.entries.length, seen.list.version], [1, signed.list.version]);
  });
});

describe('a block', () => {
  test('lasts as many days as were asked, and is listed as long as what it refuses may be good', async (t) => {
    const { list } = await opened(t);
    const key = { kind: 'key' as const, kid: 'k'.repeat(43) };
    const { entries, signed } = await list.block([MARA, key], 3);
    assert.deepEqual(entries, [
      { target: MARA, from: NOW, until: NOW + 3 * DAY, forget: NOW + 33 * DAY },
      { target: key, from: NOW, until: NOW + 3 * DAY, forget: NOW + 63 * DAY },
    ]);
    assert.deepEqual(signed.list.entries, entries);
  });

  test('that was taken away is listed as removed, and can’t be taken away twice', async (t) => {
    const { list } = await opened(t);
    const { entries } = await list.block([MARA, { kind: 'group', group: 'Finance' }], 1);
    const [first, second] = entries;
    assert.ok(first && second);
    const { list: after } = await list.unblock(blockId(first));
    assert.deepEqual([after.entries, after.removed], [[second], [first]]);
    await assert.rejects(list.unblock(blockId(first)), refusedWith('not_found'));
  });

  test('made twice has one id, and both go together', async (t) => {
    const { list } = await opened(t);
    const { entries } = await list.block([MARA, MARA], 1);
    const [one] = entries;
    assert.ok(one);
    assert.deepEqual((await list.unblock(blockId(one))).list.entries, []);
  });
});

describe('who waits for a change of the list', () => {
  const waits = async (list: Awaited<ReturnType<typeof opened>>['list'], version: number) => {
    const ending = new AbortController();
    let woken = false;
    const waiting = list.changedSince(version, ending.signal).then(() => {
      woken = !ending.signal.aborted;
    });
    return {
      isWoken: async () => {
        await new Promise(setImmediate);
        const before = woken;
        ending.abort();
        await waiting;
        return before;
      },
    };
  };

  test('is woken by a block and by its end, not by a new signature', async (t) => {
    const { clock, list } = await opened(t);
    const { version } = (await list.fresh()).list;
    const quiet = await waits(list, version);
    clock.seconds += 30;
    const signed = await list.fresh();
    assert.equal(await quiet.isWoken(), false);
    const told = await waits(list, signed.list.version);
    const { entries } = await list.block([MARA], 1);
    assert.equal(await told.isWoken(), true);
    const [entry] = entries;
    assert.ok(entry);
    const again = await waits(list, list.held().list.version);
    await list.unblock(blockId(entry));
    assert.equal(await again.isWoken(), true);
  });

  test('doesn’t wait for a change that it missed', async (t) => {
    const { list } = await opened(t);
    const { signed } = await list.block([MARA], 1);
    assert.equal(await (await waits(list, signed.list.version - 1)).isWoken(), true);
    assert.equal(await (await waits(list, signed.list.version)).isWoken(), false);
  });
});

describe('a list that the database no longer has', () => {
  const entry = { target: MARA, from: NOW - 60, until: NOW + DAY, forget: NOW + 31 * DAY };

  test('is taken back: its missing entries, and nothing below its version is signed', async (t) => {
    const { authority, list } = await opened(t);
    const token = authority.current().revoker.sign(TYP.revocations, { version: 40, iat: NOW, entries: [entry] });
    assert.equal(await list.takeBack(token), 1);
    const held = list.held().list;
    assert.deepEqual([held.entries, held.version], [[entry], 41]);
    assert.equal(await list.takeBack(token), undefined, 'there is nothing more in it');
  });

  test('is taken back without the entries that nobody needs any more', async (t) => {
    const { authority, list } = await opened(t);
    const entries = [NOW - DAY - 1, NOW - DAY].map((forget) => ({ ...entry, forget }));
    const token = authority.current().revoker.sign(TYP.revocations, { version: 40, iat: NOW, entries });
    assert.equal(await list.takeBack(token), 1);
    assert.deepEqual(list.held().list.entries, [{ ...entry, forget: NOW - DAY }]);
  });

  test('is not taken back from anybody else', async (t) => {
    const { authority, list } = await opened(t);
    const token = authority.current().trust.sign(TYP.revocations, { version: 40, iat: NOW, entries: [entry] });
    assert.equal(await list.takeBack(token), undefined);
    assert.deepEqual(list.held().list.entries, []);
  });
});
