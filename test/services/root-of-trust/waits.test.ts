/** Waits for the next block, over connections of their own to a real root of trust. */
import assert from 'node:assert/strict';
import test, { describe, type TestContext } from 'node:test';
import { request } from 'undici';
import { readJws } from '#core/trust/jws';
import { CLOUD } from '#protocol/cloud-api';
import { TYP } from '#protocol/jose';
import { LIMITS } from '#protocol/limits';
import { parseJson } from '#protocol/parse';
import { RevocationList } from '#protocol/trust';
import { openComponent } from '#runtime/component/component';
import { rootAgent } from '#runtime/component/root-agent';
import { nodeCrypto } from '#runtime/jose/primitives';
import { newTlsIdentity, type TlsIdentity } from '#runtime/tls/certificate';
import { SILENT } from '../../log.ts';
import { patience } from '../../patience.ts';
import { startRoot, type TestRoot } from '../service-in-process.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** No list is newer than that: whoever may wait waits for the next block. */
const NEWEST = 9e15;
/** Waits last 50 s: who is answered within this did not wait. */
const AT_ONCE_MS = 8_000;

/** The TLS key of a component that has enrolled and asks nothing by itself. */
async function enrolled(t: TestContext, root: TestRoot, id: string): Promise<TlsIdentity> {
  const ending = new AbortController();
  const join = await root.joinToken('gateway', id);
  const options = { role: 'gateway', id, dataDir: await temporaryFolder(t), rootOfTrust: root.ref, join: () => join } as const;
  const { tls } = await openComponent({ ...options, signal: ending.signal, log: SILENT });
  ending.abort();
  return tls;
}

/** Asks to wait, on a new connection. Resolves to the groups that are blocked by the answer. */
async function wait(t: TestContext, { ref }: TestRoot, identity?: TlsIdentity): Promise<readonly string[]> {
  const dispatcher = rootAgent(ref, { connectTimeoutMs: AT_ONCE_MS, ...(identity !== undefined && { identity }) });
  t.after(() => dispatcher.destroy());
  const { statusCode, body } = await request(new URL(CLOUD.trust.path, ref.url), {
    method: 'POST',
    dispatcher,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ listVersion: NEWEST }),
  });
  const text = await body.text();
  assert.equal(statusCode, 200, text);
  const { revocations } = parseJson(CLOUD.trust.reply, text, LIMITS.leaseSyncBytes);
  const read = readJws(nodeCrypto, revocations, TYP.revocations, RevocationList);
  assert.ok(read.ok);
  return read.value.unverified.entries.flatMap(({ target }) => (target.kind === 'group' ? [target.group] : []));
}

async function atOnce<T>(answer: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error('It was not answered at once.')), patience(AT_ONCE_MS));
  return Promise.race([answer, late.promise]).finally(() => clearTimeout(timer));
}

/** Of so many waits with one key the last that is left: it surely waits, because it ended another. */
async function lastOf(t: TestContext, root: TestRoot, tls: TlsIdentity, many = 2): Promise<{ answer: Promise<readonly string[]> }> {
  const left = new Map(Array.from({ length: many }, () => wait(t, root, tls)).entries());
  while (left.size > 1) {
    const next = Promise.race([...left].map(async ([index, answer]) => ({ index, groups: await answer })));
    const { index, groups } = await atOnce(next);
    assert.deepEqual(groups, [], 'nothing has happened yet');
    left.delete(index);
  }
  const [answer] = left.values();
  return { answer: answer ?? assert.fail() };
}

async function block(root: TestRoot, group: string): Promise<void> {
  const { status } = await root.admin('POST', '/v1/admin/blocks', { target: { kind: 'group', group }, days: 1, anyway: true });
  assert.equal(status, 200);
}

describe('B-S3e only an enrolled component waits, once', () => {
  test('of a component one wait lasts: a newer one ends the older, and another component’s goes on', async (t) => {
    const root = await startRoot(t);
    const [mine, other] = [await enrolled(t, root, 'gateway-1'), await enrolled(t, root, 'gateway-2')];
    const others = await lastOf(t, root, other);
    const older = await lastOf(t, root, mine, 20);
    const newer = wait(t, root, mine);
    assert.deepEqual(await atOnce(older.answer), []);
    await block(root, 'Staff');
    assert.deepEqual(await newer, ['Staff']);
    assert.deepEqual(await others.answer, ['Staff']);
  });

  test('only enrolled components wait: a caller without a key, or with one that nobody stated, is answered at once', async (t) => {
    const root = await startRoot(t);
    const { answer } = await lastOf(t, root, await enrolled(t, root, 'gateway-1'));
    assert.deepEqual(await atOnce(wait(t, root)), []);
    assert.deepEqual(await atOnce(wait(t, root, await newTlsIdentity('gateway-1'))), []);
    await block(root, 'Staff');
    assert.deepEqual(await answer, ['Staff']);
  });
});
