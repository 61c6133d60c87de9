import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { brokerByConfig, exportSite, importSite } from '../../../cli/broker-admin.ts';
import { UP } from '../../../cli/up/component-configs.ts';
import { importOwnSite } from '../../../cli/up/site-import.ts';
import { startBroker } from '../../services/broker-in-process.ts';
import { startRoot } from '../../services/service-in-process.ts';
import { freePort, SITE } from '../../services/whole-cloud.ts';

test('up imports its own site document at each start, and leaves alone what somebody else imported', async (t) => {
  const root = await startRoot(t);
  const { config } = await startBroker(t, root, {
    listen: { host: '127.0.0.1', port: await freePort() },
    management: { host: '127.0.0.1', port: await freePort() },
    adminTokens: ['Ada', UP].map((name) => ({ name, token: { value: `${name}, and what nobody can guess` } })),
  });
  const file = join(config.dataDir, 'broker.yaml');
  await writeFile(file, JSON.stringify(config));
  const said: string[] = [];
  const begin = (name: string) => importOwnSite(file, { ...SITE, site: { id: 'test', name } }, (line) => void said.push(line));
  const newest = async () => {
    const { version, by, document } = await exportSite(brokerByConfig(file));
    return [version, by, document.site.name];
  };
  await begin('One');
  await begin('One');
  assert.deepEqual(await newest(), [1, UP, 'One']);
  await begin('Two');
  assert.deepEqual(await newest(), [2, UP, 'Two']);
  await importSite(brokerByConfig(file), { expect: 2, text: JSON.stringify({ ...SITE, site: { id: 'test', name: 'Three' } }) });
  assert.deepEqual(said, []);
  await begin('Two');
  assert.deepEqual(await newest(), [3, 'Ada', 'Three']);
  assert.match(said.join(), /stays as Ada imported it/u);
});
