/** `node test/captured/capture.ts`: real messages of every protocol, from parts that run here, into this folder. docs/debugging.md shows their use. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { CLOUD } from '#protocol/cloud-api';
import { VERSION } from '#protocol/limits';
import { cloudCall } from '#runtime/http/cloud-client';
import { openEndings } from '../../cli/up/endings.ts';
import { NODE_FLAGS, sessionProgram } from '../../native-host/program-paths.ts';
import { signIn } from '../services/person.ts';
import { MARA, PASSWORD, startWholeCloud } from '../services/whole-cloud.ts';
import { openField, presentLease } from '../services/whole-location.ts';
import { sayToHost } from './to-host.ts';

const save = (name: string, messages: readonly { from: string; message: unknown }[]) =>
  writeFileSync(new URL(`${name}.json`, import.meta.url), `${JSON.stringify(messages, undefined, 1)}\n`);

const hello = {
  v: VERSION.host,
  id: 1,
  type: 'hello',
  body: { extension: '0.2.0', v: VERSION.host, profile: '0123456789abcdef'.repeat(2) },
};
save('native-host', [{ from: 'extension', message: hello }, ...(await sayToHost([hello])).map((message) => ({ from: 'host', message }))]);

const portal = { v: VERSION.host, id: 1, type: 'portalState', body: { state: 'online', workspaceName: 'Contoso Workspace' } };
save('page', [
  { from: 'page', message: portal },
  { from: 'extension', message: { id: 1, body: {} } },
]);

const field = await openField();
const device = field.device();
const channel = await field.open(field.gateway.address, { roles: ['gateway'], id: 'gateway-1' });
const shown = presentLease(field, device, channel);
const answer = await channel.present(shown, 5_000);
const { rootVersion, listVersion } = channel.hello;
save('channel', [
  { from: 'gateway', message: channel.hello },
  { from: 'device', message: { ...shown, rootVersion, listVersion } },
  { from: 'gateway', message: answer },
]);
await field.close();

const endings = openEndings();
const cloud = await startWholeCloud(endings);
const asked = { user: { subject: 'subject-of-mara', name: 'Mara', upn: MARA, groups: ['Staff'] } };
const options = { signal: new AbortController().signal, deadlineMs: 5_000, correlationId: 'c0ffee00' };
save('cloud', [
  { from: 'workspace', message: asked },
  {
    from: 'broker',
    message: await cloudCall(await cloud.root.component('workspace', 'workspace-2'), cloud.urls.broker, CLOUD.enumerate, asked, options),
  },
]);
const person = await signIn(endings, cloud, MARA, PASSWORD);
save('workspace', [{ from: 'workspace', message: JSON.parse((await person.get('/api/v1/session')).text) }]);
await endings.end();

const folder = mkdtempSync(join(tmpdir(), 'hf-captured-'));
const orders = [
  { type: 'prepare', correlationId: '0000-0000-0001', protocol: 'vnc', folder, viewers: { vnc: '/nowhere' } },
  { type: 'stop' },
];
const child = spawn(process.execPath, [...NODE_FLAGS, sessionProgram()], { stdio: ['pipe', 'pipe', 'inherit'] });
for (const order of orders) child.stdin.write(`${JSON.stringify(order)}\n`);
const lines = (await text(child.stdout)).trim().split('\n');
save('session-process', [
  ...orders.map((message) => ({ from: 'host', message })),
  ...lines.filter((line) => line !== '').map((line) => ({ from: 'session', message: JSON.parse(line) })),
]);
rmSync(folder, { recursive: true, force: true });
