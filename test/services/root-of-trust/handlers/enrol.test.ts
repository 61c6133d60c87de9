import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import { sql } from 'kysely';
import { judgeStatement } from '#core/trust/trust';
import { thrownWords } from '#protocol/words';
import { everything } from '#protocol/words/everything';
import { openComponent } from '#runtime/component/component';
import { loadOrMakeKeys } from '#runtime/component/keys';
import { rootClient } from '#runtime/component/root-client';
import { nodeCrypto } from '#runtime/jose/primitives';
import { componentSigner, newEd25519 } from '#runtime/jose/sign';
import { newTlsIdentity, spkiDigest } from '#runtime/tls/certificate';
import { openStore } from '../../../../services/root-of-trust/store.ts';
import { SILENT } from '../../../log.ts';
import { refusedWith } from '../../../refused-with.ts';
import { startRoot } from '../../service-in-process.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const now = () => Math.floor(Date.now() / 1000);

describe('B-L6a a component enrols once, and its key is signed', () => {
  test('a component enrols with a join token, and its key is stated under the root', async (t) => {
    const root = await startRoot(t);
    const broker = await root.component('broker', 'broker-1');
    const judged = judgeStatement(nodeCrypto, broker.trust(), broker.statement(), now(), { roles: ['broker'], id: 'broker-1' });
    assert.ok(judged.ok);
    assert.ok(await broker.refresh());
    assert.deepEqual(
      broker.statements().map(({ role, id }) => `${role} ${id}`),
      ['broker broker-1', 'root-of-trust root-of-trust'],
    );
    assert.equal(broker.trust().list?.version, 1);
  });

  test('a join token works once', async (t) => {
    const root = await startRoot(t);
    const join = await root.joinToken('tickets', 'tickets-1');
    const open = async () =>
      openComponent({
        role: 'tickets',
        id: 'tickets-1',
        dataDir: await temporaryFolder(t),
        rootOfTrust: root.ref,
        join: () => join,
        signal: t.signal,
        log: SILENT,
      });
    await open();
    await assert.rejects(open, refusedWith('join_token_used'));
  });
});

test('the connectors of one location share its key, another location has its own', async (t) => {
  const root = await startRoot(t);
  const [first, second, elsewhere] = [
    await root.component('connector', 'zurich-1', 'zurich'),
    await root.component('connector', 'zurich-2', 'zurich'),
    await root.component('connector', 'bern-1', 'bern'),
  ];
  assert.deepEqual(Object.keys(first.locationKeys()), Object.keys(second.locationKeys()));
  assert.notDeepEqual(Object.keys(first.locationKeys()), Object.keys(elsewhere.locationKeys()));
  const host = await root.component('session-host', 'host-1', 'zurich');
  assert.deepEqual(host.locationKeys(), {});
});

test('a token for one role does not enrol another, and an old one enrols nobody', async (t) => {
  const root = await startRoot(t);
  const { trust } = await root.component('workspace', 'workspace-1');
  const keys = await loadOrMakeKeys(await temporaryFolder(t), 'tickets-1');
  const client = rootClient(root.ref, keys, t.signal);
  t.after(() => client.close());
  const { statement } = await client.enrol(await root.joinToken('broker', 'one'));
  const stated = judgeStatement(nodeCrypto, trust(), statement, now(), { roles: ['tickets'] });
  assert.deepEqual(stated.ok ? 'stated' : stated.why, 'role', 'the token decides the role, not the newcomer');
  assert.equal(
    (await root.admin('POST', '/v1/admin/join-tokens', { role: 'connector', id: 'c' })).status,
    400,
    'a connector has a location',
  );

  const join = await root.joinToken('broker', 'two');
  const old = Math.floor(Date.now() / 1000) + 61 * 60;
  t.mock.method(Date, 'now', () => old * 1_000);
  await assert.rejects(client.enrol(join), refusedWith('join_token_expired'));
});

test('who enrols again takes the place of its former self, whose key is withdrawn', async (t) => {
  const root = await startRoot(t);
  const before = await root.component('gateway', 'gateway-1');
  const after = await root.component('gateway', 'gateway-1');
  await after.refresh();
  const judged = judgeStatement(nodeCrypto, after.trust(), before.statement(), now(), { roles: ['gateway'] });
  assert.equal(judged.ok ? 'good' : judged.why, 'revoked');
  assert.ok(judgeStatement(nodeCrypto, after.trust(), after.statement(), now(), { roles: ['gateway'] }).ok);
});

test('where the former key can’t be withdrawn nobody is enrolled in its place, and the join token stays good', async (t) => {
  const root = await startRoot(t);
  const before = await root.component('gateway', 'gateway-1');
  const store = await openStore(root.database, SILENT);
  t.after(() => store.close());
  const { signer, tls } = { signer: componentSigner(newEd25519()), tls: await newTlsIdentity('gateway-1') };
  const stated = { tls: spkiDigest(tls.cert), sign: signer.publicKey };
  const client = rootClient(root.ref, { signer, tls, stated }, t.signal);
  t.after(() => client.close());
  const join = await root.joinToken('gateway', 'gateway-1');
  await sql.raw('alter table root_block rename to root_block_away').execute(store.sql);
  await assert.rejects(client.enrol(join), refusedWith('internal'));
  await sql.raw('alter table root_block_away rename to root_block').execute(store.sql);
  await before.refresh();
  assert.equal(before.trust().list?.entries.length, 0);
  assert.deepEqual(
    before.statements().map(({ id, keys }) => `${id} ${keys.tls}`),
    [`gateway-1 ${spkiDigest(before.tls.cert)}`, `root-of-trust ${root.ref.tlsPin}`],
  );
  await client.enrol(join);
  await before.refresh();
  assert.deepEqual(
    before.trust().list?.entries.map(({ target }) => target),
    [{ kind: 'key', kid: before.signer.kid }],
  );
});

test('nobody is stated with a key that another component has, be it for signing or for TLS', async (t) => {
  const root = await startRoot(t);
  const victim = await root.component('gateway', 'gateway-1');
  const other = await root.component('broker', 'broker-1');
  const asking = (keys: { tls?: string; sign?: typeof victim.signer.publicKey }) => {
    const stated = { tls: spkiDigest(other.tls.cert), sign: other.signer.publicKey, ...keys };
    const client = rootClient(root.ref, { signer: other.signer, tls: other.tls, stated }, t.signal);
    t.after(() => client.close());
    return { renew: () => client.renew(other.statement()), enrol: (join: string) => client.enrol(join) };
  };
  const stolenTls = asking({ tls: spkiDigest(victim.tls.cert) });
  await assert.rejects(stolenTls.renew(), refusedWith('untrusted_peer'));
  await assert.rejects(stolenTls.enrol(await root.joinToken('broker', 'broker-2')), refusedWith('untrusted_peer'));
  await assert.rejects(asking({ sign: victim.signer.publicKey }).renew(), refusedWith('untrusted_peer'));
  assert.ok((await asking({}).renew()).statement, 'its own keys it may have stated again');
});

test('a root of trust other than the pinned one is refused, and the error names the pins to compare', async (t) => {
  const root = await startRoot(t);
  const keys = await loadOrMakeKeys(await temporaryFolder(t), 'tickets-1');
  const client = rootClient({ ...root.ref, tlsPin: 'A'.repeat(43) }, keys, t.signal);
  t.after(() => client.close());
  const told = (thrown: unknown) =>
    refusedWith('untrusted_peer')(thrown) && /127\.0\.0\.1:\d+ .*tlsPin.*pins\.json/u.test(thrownWords(thrown, everything).detail);
  await assert.rejects(client.trust(0), told);
});

test('a missing or invalid join token is refused, and the error says how to get one', async (t) => {
  const root = await startRoot(t);
  const open = async (join: { join?: () => string }) =>
    openComponent({
      role: 'tickets',
      id: 'tickets-1',
      dataDir: await temporaryFolder(t),
      rootOfTrust: root.ref,
      ...join,
      signal: t.signal,
      log: SILENT,
    });
  const told = (says: RegExp) => (thrown: unknown) => refusedWith('bad_config')(thrown) && says.test(String(thrown));
  await assert.rejects(open({}), told(/join-token-missing/u));
  await assert.rejects(open({ join: () => 'not a token' }), told(/join-token-invalid/u));
});
