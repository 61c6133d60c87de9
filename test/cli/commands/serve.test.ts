import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import test from 'node:test';
import { request } from 'undici';
import { base } from '../../services/service-in-process.ts';
import { temporaryFolder } from '../../services/temporary-folder.ts';
import { freePort } from '../../services/whole-cloud.ts';
import { until } from '../../until.ts';
import { HOLDFAST } from '../holdfast-command.ts';

/** Starts a command in the background, says its process id, and ends at the end of its input. */
const SHELL = '"$@" < /dev/null > /dev/null 2>&1 & echo $!; read end';
/** A command that watches its parent looks twice a second. */
const LOOKS = 30;

test('a service lives on when the shell that started it ends', async (t) => {
  const folder = await temporaryFolder(t);
  const [port, management] = [await freePort(), await freePort()];
  const config = join(folder, 'identity.yaml');
  const identity = {
    ...base('identity', folder),
    listen: { host: '127.0.0.1', port },
    management: { host: '127.0.0.1', port: management },
    database: { kind: 'sqlite', file: join(folder, 'identity.sqlite') },
    publicUrl: `http://identity.localhost:${port}`,
    clients: [{ id: 'workspace', secret: { value: 'of-the-test-alone' }, redirectUris: ['http://workspace.localhost/auth/callback'] }],
    users: [],
  };
  writeFileSync(config, JSON.stringify(identity));
  const lives = async () => (await request(`http://127.0.0.1:${management}/livez`)).statusCode === 200;
  const command = [process.execPath, HOLDFAST, 'serve', 'identity', '--config', config];
  const shell = spawn('sh', ['-c', SHELL, 'sh', ...command], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [pid] = await once(createInterface({ input: shell.stdout }), 'line');
  try {
    await until('the service answers', lives);
    shell.stdin.end();
    await once(shell, 'exit');
    let answers = 0;
    await until('it goes on answering', async () => (await lives()) && ++answers >= LOOKS);
    assert.equal(answers, LOOKS);
  } finally {
    process.kill(Number(pid), 'SIGTERM');
  }
});
