import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import test, { type TestContext } from 'node:test';
import { testDatabase } from '../database.ts';
import { newDevice } from '../device.ts';
import { signIn } from '../person.ts';
import { startProcess } from '../service-as-process.ts';
import { base } from '../service-in-process.ts';
import { registration, report } from '../session-host-report.ts';
import { ADMIN_TOKENS, importFirst } from '../site-admin.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { freePort, MARA, PASSWORD, startWholeCloud } from '../whole-cloud.ts';

const outcome = ({ status, text }: { status: number; text: string }) => `${status} ${JSON.parse(text).error?.code ?? 'well'}`;

/** Takes connections and says nothing, like a machine whose process is stuck. */
async function blackHole(t: TestContext): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const bound = server.address();
  return `https://127.0.0.1:${bound !== null && typeof bound === 'object' ? bound.port : 0}`;
}

test('B-W2b with the broker hung a feed and a launch are refused in time, and other feeds do not wait', async (t) => {
  const cloud = await startWholeCloud(t, { brokerUrl: () => blackHole(t) });
  const person = await signIn(t, cloud, MARA, PASSWORD);
  const jkt = newDevice().jkt;
  const asked = [
    person.get('/api/v1/feeds/apps'),
    person.post('/api/v1/launches', { resource: { feed: 'apps', id: 'terminal' }, jkt }),
    person.get('/api/v1/feeds/web'),
    person.get('/api/v1/session'),
  ];
  assert.deepEqual((await Promise.all(asked)).map(outcome), ['504 timeout', '504 timeout', '200 well', '200 well']);
});

test('calls to a hung service do not pile up: beyond a bound they are refused at once', async (t) => {
  const cloud = await startWholeCloud(t, { brokerUrl: () => blackHole(t) });
  const person = await signIn(t, cloud, MARA, PASSWORD);
  const answers = await Promise.all(Array.from({ length: 100 }, () => person.get('/api/v1/feeds/apps')));
  const outcomes = answers.map(outcome);
  assert.ok(outcomes.every((one) => one === '504 timeout' || one === '503 unavailable'));
  assert.ok(outcomes.filter((one) => one === '503 unavailable').length >= 100 - 64);
});

test('a stopped broker is missed in time, and works again when it goes on', async (t) => {
  let pid = 0;
  const cloud = await startWholeCloud(t, {
    brokerUrl: async (root, site) => {
      const [port, management] = [await freePort(), await freePort()];
      const folder = await temporaryFolder(t);
      const { child, log } = await startProcess(t, 'broker', {
        ...base('broker-2', `${folder}/data`),
        listen: { host: '127.0.0.1', port },
        management: { host: '127.0.0.1', port: management },
        rootOfTrust: root.ref,
        join: { value: await root.joinToken('broker', 'broker-2') },
        database: await testDatabase(t),
        adminTokens: ADMIN_TOKENS,
      });
      assert.equal(child.exitCode, null, log());
      pid = child.pid ?? 0;
      await importFirst({ address: { host: '127.0.0.1', port } }, `${folder}/data`, site);
      return `https://127.0.0.1:${port}`;
    },
  });
  const person = await signIn(t, cloud, MARA, PASSWORD);
  await report(cloud.connector, cloud.urls.broker, [registration('host-1')]);
  assert.equal(outcome(await person.get('/api/v1/feeds/apps')), '200 well');
  process.kill(pid, 'SIGSTOP');
  assert.equal(outcome(await person.get('/api/v1/feeds/apps')), '504 timeout');
  process.kill(pid, 'SIGCONT');
  assert.equal(outcome(await person.get('/api/v1/feeds/apps')), '200 well');
});
