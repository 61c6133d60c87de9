import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { HoldfastError } from '#protocol/errors';
import { addRoutes } from '#runtime/http/routes';
import { closeServer, listen, openServer } from '#runtime/http/server';
import type { Log } from '#runtime/log/log';
import { openMetrics } from '#runtime/metrics/metrics';
import { openAuthority } from '../../../../services/root-of-trust/authority.ts';
import { holdCeremony } from '../../../../services/root-of-trust/ceremony.ts';
import { trustDirectory } from '../../../../services/root-of-trust/handlers/trust-directory.ts';
import { openRevocations } from '../../../../services/root-of-trust/revocations.ts';
import { countedBy, type Root } from '../../../../services/root-of-trust/root.ts';
import { openStore } from '../../../../services/root-of-trust/store.ts';
import { SILENT } from '../../../log.ts';
import { testDatabase } from '../../database.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

async function rootOf(t: TestContext, log: Log = SILENT): Promise<Root> {
  const { roleKeys } = await holdCeremony({ dir: join(await temporaryFolder(t), 'root'), tenant: 'test' });
  const authority = await openAuthority({ keys: roleKeys });
  const store = await openStore(await testDatabase(t), SILENT);
  t.after(() => store.close());
  const now = () => Math.floor(Date.now() / 1_000);
  const revocations = await openRevocations(store, authority, now);
  const config = { tenant: 'test', id: 'root-of-trust' };
  return {
    config,
    authority,
    store,
    revocations,
    waits: { enter: async () => new AbortController().signal, turn: async () => {} },
    now,
    changes: { count: 0 },
    counted: countedBy(openMetrics()),
    alarmed: { spend: () => true },
    signal: t.signal,
    log,
  };
}

test('a caller that has gone is waited for no longer', async (t) => {
  const root = await rootOf(t);
  const waiting = Promise.withResolvers<AbortSignal>();
  const changedSince: Root['revocations']['changedSince'] = (version, signal) => {
    waiting.resolve(signal);
    return root.revocations.changedSince(version, signal);
  };
  const server = openServer({ log: SILENT, metrics: openMetrics() });
  const handle = trustDirectory({ ...root, revocations: { ...root.revocations, changedSince } });
  addRoutes(server, [{ method: 'POST', path: '/v1/trust', checks: [], handle }]);
  const { host, port } = await listen(server, { host: '127.0.0.1', port: 0 });
  t.after(() => closeServer(server));

  const caller = connect(port, host);
  const body = JSON.stringify({ listVersion: root.revocations.held().list.version });
  caller.write(`POST /v1/trust HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
  const signal = await waiting.promise;
  assert.equal(signal.aborted, false);
  caller.destroy();
  await once(signal, 'abort');
});

test('an inconsistent folder of root bundles is logged once, not with each caller', async (t) => {
  const lines: string[] = [];
  const log: Log = { ...SILENT, error: (_fields, message) => void lines.push(message) };
  const root = await rootOf(t, log);
  let wrong: Error | undefined = new HoldfastError('bad_config', { reason: 'no-ceremony', path: 'bundles' });
  const reload = async () => {
    if (wrong !== undefined) throw wrong;
  };
  const server = openServer({ log: SILENT, metrics: openMetrics() });
  addRoutes(server, [
    { method: 'GET', path: '/v1/trust', checks: [], handle: trustDirectory({ ...root, authority: { ...root.authority, reload } }) },
  ]);
  t.after(() => closeServer(server));
  const ask = async () => {
    // A change: the next caller gets no answer of before.
    root.changes.count++;
    assert.equal((await server.inject('/v1/trust')).statusCode, 200);
  };
  await ask();
  await ask();
  assert.deepEqual(lines.splice(0), ['The newest root bundle is not used.']);
  wrong = undefined;
  await ask();
  wrong = new HoldfastError('bad_config', { reason: 'no-ceremony', path: 'bundles' });
  await ask();
  assert.equal(lines.length, 1, 'after it was well, it is told again');
});
