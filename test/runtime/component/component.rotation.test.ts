/** A component with a real root of trust, over the months: it replaces its own keys, and nothing stops for that. */
import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { judgeStatement } from '#core/trust/trust';
import { CLOUD } from '#protocol/cloud-api';
import { TIMES } from '#protocol/limits';
import type { Role } from '#protocol/trust';
import { type Component, openComponent } from '#runtime/component/component';
import { closeCloudConnections, cloudCall } from '#runtime/http/cloud-client';
import { cloudRoute, followKeys, mutualTls } from '#runtime/http/cloud-server';
import { addRoutes } from '#runtime/http/routes';
import { closeServer, listen, openServer } from '#runtime/http/server';
import { nodeCrypto } from '#runtime/jose/primitives';
import { openMetrics } from '#runtime/metrics/metrics';
import { spkiDigest } from '#runtime/tls/certificate';
import { SILENT } from '../../log.ts';
import { startRoot, type TestRoot } from '../../services/service-in-process.ts';
import { temporaryFolder } from '../../services/temporary-folder.ts';

/** Everybody's clock; `pass` moves it. */
function clockOf(t: TestContext): { pass(seconds: number): void } {
  const real = Date.now;
  let ahead = 0;
  t.mock.method(Date, 'now', () => real() + ahead);
  return {
    pass: (seconds) => {
      ahead += seconds * 1_000;
    },
  };
}

async function opened(t: TestContext, root: TestRoot, role: Role, dataDir: string, join?: string): Promise<Component> {
  const ending = new AbortController();
  const component = await openComponent({
    role,
    id: `${role}-1`,
    ...(role === 'connector' && { location: 'bern' }),
    dataDir,
    rootOfTrust: root.ref,
    ...(join !== undefined && { join: () => join }),
    signal: ending.signal,
    log: SILENT,
  });
  t.after(async () => {
    ending.abort();
    await closeCloudConnections(component);
  });
  return component;
}

test('a component replaces its own keys after 30 days, keeps the new ones, and the former end an hour later', async (t) => {
  const clock = clockOf(t);
  const root = await startRoot(t);
  const dataDir = await temporaryFolder(t);
  const gateway = await opened(t, root, 'gateway', dataDir, await root.joinToken('gateway', 'gateway-1'));
  const former = { kid: gateway.signer.kid, statement: gateway.statement() };
  clock.pass(TIMES.componentKeySeconds - 3_600);
  await gateway.refresh();
  assert.equal(gateway.signer.kid, former.kid);
  clock.pass(3_601);
  await gateway.refresh();
  assert.notEqual(gateway.signer.kid, former.kid);
  const judge = (token: string, at = Math.floor(Date.now() / 1_000), tls?: string) => {
    const judged = judgeStatement(nodeCrypto, gateway.trust(), token, at, { roles: ['gateway'], ...(tls !== undefined && { tls }) });
    return judged.ok ? judged.value.keys.sign : judged.why;
  };
  assert.deepEqual(judge(gateway.statement(), undefined, spkiDigest(gateway.tls.cert)), gateway.signer.publicKey);
  assert.notEqual(judge(former.statement), 'revoked');
  await gateway.refresh();
  assert.equal(judge(former.statement, Math.floor(Date.now() / 1_000) + 3_700), 'revoked');

  const again = await opened(t, root, 'gateway', dataDir);
  assert.equal(again.signer.kid, gateway.signer.kid);
  assert.ok(await again.refresh());
  assert.equal(again.complaint(), undefined);
});

test('B-L6b calls go on while the service that is called, and then its caller, has new keys', async (t) => {
  const clock = clockOf(t);
  const root = await startRoot(t);
  const join = (role: Role, location?: string) => root.joinToken(role, `${role}-1`, location);
  const broker = await opened(t, root, 'broker', await temporaryFolder(t), await join('broker'));
  const server = openServer({ log: SILENT, metrics: openMetrics(), tls: mutualTls(broker.tls) });
  followKeys(server, broker);
  addRoutes(server, [cloudRoute(CLOUD.reportSessionHosts, broker, async () => ({}))]);
  const { host, port } = await listen(server, { host: '127.0.0.1', port: 0 });
  t.after(() => closeServer(server));
  const connector = await opened(t, root, 'connector', await temporaryFolder(t), await join('connector', 'bern'));
  await connector.refresh();
  const report = { location: 'bern', connector: 'connector-1', sessionHosts: [] };
  const call = () =>
    cloudCall(connector, `https://${host}:${port}`, CLOUD.reportSessionHosts, report, { signal: t.signal, deadlineMs: 20_000 });
  const kids = () => [broker.signer.kid, connector.signer.kid];
  await call();
  const before = kids();
  clock.pass(TIMES.componentKeySeconds);
  await broker.refresh();
  await call();
  await connector.refresh();
  await call();
  assert.deepEqual(
    kids().filter((kid) => before.includes(kid)),
    [],
  );
});
