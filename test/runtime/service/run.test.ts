import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { request } from 'undici';
import { startProcess } from '../../services/service-as-process.ts';
import { base } from '../../services/service-in-process.ts';
import { temporaryFolder } from '../../services/temporary-folder.ts';
import { freePort } from '../../services/whole-cloud.ts';

async function identityConfig(t: TestContext) {
  const folder = await temporaryFolder(t);
  const [port, management] = [await freePort(), await freePort()];
  return {
    ...base('identity', folder),
    logLevel: 'info',
    listen: { host: '127.0.0.1', port },
    management: { host: '127.0.0.1', port: management },
    database: { kind: 'sqlite', file: join(folder, 'identity.sqlite') },
    publicUrl: `http://identity.localhost:${port}`,
    clients: [{ id: 'workspace', secret: { value: 'not-to-be-logged' }, redirectUris: ['http://workspace.localhost/auth/callback'] }],
    users: [],
  };
}

test('a service says when it is ready, answers on its management port, and ends in order', async (t) => {
  const config = await identityConfig(t);
  const service = await startProcess(t, 'identity', config);
  const ask = async (path: string) => {
    const { statusCode, body } = await request(`http://127.0.0.1:${config.management.port}${path}`);
    return { status: statusCode, text: await body.text() };
  };
  assert.equal((await ask('/livez')).status, 200);
  assert.deepEqual(JSON.parse((await ask('/readyz')).text), { ready: true, checks: [{ name: 'database', ok: true }] });
  assert.match((await ask('/metrics')).text, /^holdfast_process_resident_bytes \d+/mu);
  service.child.kill('SIGTERM');
  assert.equal(await service.ended, 0);
  assert.doesNotMatch(service.log(), /not-to-be-logged/u);
});

test('a wrong configuration names file, line and field, and never the value', async (t) => {
  const service = await startProcess(t, 'identity', { ...(await identityConfig(t)), publicUrl: 'not an address' });
  assert.equal(await service.ended, 1);
  assert.match(service.log(), /^bad_config: .*config\.yaml:1: invalid field "publicUrl".*\n.*holdfast config check/u);
  assert.doesNotMatch(service.log(), /\bat .*\.ts:\d/u, 'no stack');
  assert.doesNotMatch(service.log(), /not an address/u);
});

test('a port that is already in use is reported as in use', async (t) => {
  const config = await identityConfig(t);
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(config.listen.port, '127.0.0.1', resolve));
  t.after(() => other.close());
  const service = await startProcess(t, 'identity', config);
  assert.equal(await service.ended, 1);
  assert.match(service.log(), new RegExp(`^port_in_use: .*Port ${config.listen.port}`, 'u'));
  assert.doesNotMatch(service.log(), /\bat .*\.ts:\d/u, 'no stack');
});
