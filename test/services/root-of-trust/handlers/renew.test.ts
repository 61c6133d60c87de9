import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { judgeStatement } from '#core/trust/trust';
import type { EnrolmentReply, Role } from '#protocol/trust';
import { loadOrMakeKeys, type OwnKeys } from '#runtime/component/keys';
import { rootClient } from '#runtime/component/root-client';
import { nodeCrypto } from '#runtime/jose/primitives';
import type { Log } from '#runtime/log/log';
import { SILENT } from '../../../log.ts';
import { refusedWith } from '../../../refused-with.ts';
import { startRoot, type TestRoot } from '../../service-in-process.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const now = () => Math.floor(Date.now() / 1_000);

async function newKeys(t: TestContext, id: string): Promise<OwnKeys> {
  return loadOrMakeKeys(await temporaryFolder(t), id);
}

function clientOf(t: TestContext, root: TestRoot, keys: OwnKeys) {
  const client = rootClient(root.ref, keys, t.signal);
  t.after(() => client.close());
  return client;
}

/** Has new keys stated in place of those that it holds, as a thief of them can. */
async function takesOver(t: TestContext, root: TestRoot, id: string, held: OwnKeys): Promise<{ keys: OwnKeys; reply: EnrolmentReply }> {
  const keys = await newKeys(t, id);
  return { keys, reply: await clientOf(t, root, keys).renew('', held) };
}

async function enrolled(t: TestContext, root: TestRoot, role: Role, id: string, location?: string) {
  const keys = await newKeys(t, id);
  const client = clientOf(t, root, keys);
  return { keys, client, reply: await client.enrol(await root.joinToken(role, id, location)) };
}

test('B-L6g a thief who had two keys stated in the place of a stolen one holds none when the owner has enrolled again', async (t) => {
  const root = await startRoot(t);
  const peer = await root.component('gateway', 'gateway-1');
  const owner = await enrolled(t, root, 'connector', 'bern-2', 'bern');
  const second = await takesOver(t, root, 'bern-2', owner.keys);
  const third = await takesOver(t, root, 'bern-2', second.keys);
  const judge = async ({ statement }: EnrolmentReply) => {
    await peer.refresh();
    const judged = judgeStatement(nodeCrypto, peer.trust(), statement, now(), { roles: ['connector'], id: 'bern-2' });
    return judged.ok ? 'good' : judged.why;
  };
  assert.deepEqual([await judge(owner.reply), await judge(second.reply), await judge(third.reply)], ['good', 'good', 'good']);

  const again = await enrolled(t, root, 'connector', 'bern-2', 'bern');
  assert.deepEqual([await judge(owner.reply), await judge(second.reply), await judge(third.reply)], ['revoked', 'revoked', 'revoked']);
  assert.equal(await judge(again.reply), 'good');
  for (const { keys } of [owner, second, third]) {
    await assert.rejects(clientOf(t, root, keys).renew(''), refusedWith('untrusted_peer', /key-withdrawn|withdrawn/u));
    await assert.rejects(takesOver(t, root, 'bern-2', keys), refusedWith('untrusted_peer'));
  }
});

test('B-L6e the owner who renews a key that a thief has replaced is told so, and so is the administrator', async (t) => {
  const said: unknown[] = [];
  const say = (_: object, words: string) => said.push(words);
  const log: Log = { ...SILENT, info: say, warn: say, error: say, child: () => log };
  const root = await startRoot(t, undefined, log);
  const owner = await enrolled(t, root, 'gateway', 'gateway-1');
  await takesOver(t, root, 'gateway-1', owner.keys);
  assert.ok(said.includes('A component has new keys.'), String(said));
  for (let n = 0; n < 3; n++) await assert.rejects(owner.client.renew(''), refusedWith('untrusted_peer', /replaced/u));
  const alarms = said.filter((words) => String(words).includes('two hold it'));
  assert.equal(alarms.length, 1, 'counted each time, and told once a minute: a thief fills no disk');
  const body = await root.metrics();
  assert.match(body, /^holdfast_root_key_alarms_total\{role="gateway"\} 3$/mu);
  assert.match(body, /^holdfast_root_statements_total\{role="gateway",occasion="rotation"\} 1$/mu);
});

test('a component whose answer was lost asks again for the same new keys and gets them', async (t) => {
  const root = await startRoot(t);
  const owner = await enrolled(t, root, 'gateway', 'gateway-1');
  const { keys } = await takesOver(t, root, 'gateway-1', owner.keys);
  assert.ok((await clientOf(t, root, keys).renew('', owner.keys)).statement);
});

test('new keys are stated only with a proof by each of them and by the one that they replace', async (t) => {
  const root = await startRoot(t);
  const owner = await enrolled(t, root, 'gateway', 'gateway-1');
  const [mine, other] = [await newKeys(t, 'gateway-1'), await newKeys(t, 'gateway-1')];
  const renew = (keys: OwnKeys, former?: OwnKeys) => clientOf(t, root, keys).renew('', former);
  await assert.rejects(renew({ ...mine, signer: other.signer }, owner.keys), refusedWith('untrusted_peer'), 'no proof by the new sign key');
  await assert.rejects(renew({ ...mine, tls: other.tls }, owner.keys), refusedWith('untrusted_peer'), 'over TLS with another key');
  await assert.rejects(renew(mine, other), refusedWith('untrusted_peer'), 'no proof by the former sign key');
  const tlsOnly = { ...mine, tls: owner.keys.tls, stated: { ...mine.stated, tls: owner.keys.stated.tls } };
  await assert.rejects(renew(tlsOnly), refusedWith('untrusted_peer'), 'the former TLS key alone');
  assert.ok((await renew(mine, owner.keys)).statement);
});

test('a replaced key stays good for an hour, and then no longer', async (t) => {
  const root = await startRoot(t);
  const peer = await root.component('broker', 'broker-1');
  const owner = await enrolled(t, root, 'gateway', 'gateway-1');
  await takesOver(t, root, 'gateway-1', owner.keys);
  await peer.refresh();
  const judge = (at: number) => judgeStatement(nodeCrypto, peer.trust(), owner.reply.statement, at, { roles: ['gateway'] });
  assert.ok(judge(now() + 3_500).ok);
  const later = judge(now() + 3_700);
  assert.equal(later.ok ? 'good' : later.why, 'revoked');
});

test('whoever holds a key has at most four new ones a day: the list does not fill', async (t) => {
  const root = await startRoot(t);
  let { keys } = await enrolled(t, root, 'gateway', 'gateway-1');
  for (let turn = 0; turn < 4; turn++) ({ keys } = await takesOver(t, root, 'gateway-1', keys));
  await assert.rejects(takesOver(t, root, 'gateway-1', keys), refusedWith('too_many'));
});
