import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { startViewer } from '../../../native-host/session/viewer-process.ts';
import type { Viewer, ViewerInput, ViewerPlan } from '../../../native-host/viewers/viewer.ts';
import { temporaryFolder } from '../../services/temporary-folder.ts';
import { until } from '../../until.ts';

const WORDS: ViewerPlan['words'] = { up: /desktop/u, asks: /password\?/u, refusals: [[/not let in/u, 'sign-on-refused']] };

/** A viewer that is this script of the shell. */
async function shell(t: TestContext, script: string, more: Partial<ViewerPlan> = {}) {
  const folder = await temporaryFolder(t);
  const viewer: Viewer = {
    protocol: 'rdp',
    name: 'Shell',
    file: '/bin/sh',
    door: () => 'socket',
    plan: async () => ({ file: '/bin/sh', args: ['-c', script], words: WORDS, ...more }),
  };
  const input: ViewerInput = {
    folder,
    door: { kind: 'socket', path: join(folder, 's') },
    resource: { feed: 'apps', id: 'ledger', name: 'Ledger', kind: 'app', protocol: 'rdp' },
    signOn: {},
    key: undefined,
  };
  return { folder, start: (signal = new AbortController().signal) => startViewer(viewer, input, signal) };
}

test('what a viewer failed of is told: its own words, else how it ended', async (t) => {
  const refused = await (await shell(t, 'echo starting; echo "mara is not let in"; echo; exit 3')).start();
  await refused.ended;
  assert.equal(refused.refusal()?.reason, 'sign-on-refused');
  assert.equal(refused.lastWords(), 'mara is not let in');
  const silent = await (await shell(t, 'exit 3')).start();
  await silent.ended;
  assert.equal(silent.refusal(), undefined);
  assert.deepEqual([silent.failure().reason, silent.failure().params], ['viewer-exit', { status: 3 }]);
});

test('a viewer that can’t be started is reported with the system’s error', async (t) => {
  const missing = await (await shell(t, '', { file: '/nowhere/viewer' })).start();
  await missing.ended;
  assert.match(missing.lastWords(), /ENOENT/u);
  assert.equal(missing.failure().code, 3026);
});

test('a viewer stands by what it says and by what reached it', async (t) => {
  const viewer = await (await shell(t, 'echo "password?"; read answer; echo "the desktop"; read end', { stdin: 'secret\n' })).start();
  await viewer.ended;
  assert.deepEqual([viewer.standing(0), viewer.standing(1)], ['connecting', 'up']);
});

test('what a viewer says is its owner’s alone, and nothing of one that was started before', async (t) => {
  const { folder, start } = await shell(t, 'echo "the desktop"');
  await writeFile(join(folder, 'said'), 'mara is not let in\n', { mode: 0o644 });
  const viewer = await start();
  await viewer.ended;
  assert.equal(viewer.refusal(), undefined);
  assert.equal(await readFile(join(folder, 'said'), 'utf8'), 'the desktop\n');
  assert.equal((await stat(join(folder, 'said'))).mode & 0o777, 0o600);
});

test('a viewer gets what is secret by its environment or its input, in the session’s own folder', async (t) => {
  const { folder, start } = await shell(t, 'read word; echo "$PWD $SECRET $word"', { env: { SECRET: 'one' }, stdin: 'two\n' });
  const viewer = await start();
  await viewer.ended;
  assert.equal(viewer.lastWords(), `${folder} one two`);
});

test('a launch that is cancelled while its viewer’s files are written starts no viewer', async (t) => {
  const { folder, start } = await shell(t, 'echo started');
  await assert.rejects(start(AbortSignal.abort()), { name: 'AbortError' });
  assert.equal(existsSync(join(folder, 'said')), false);
});

test('a viewer that does not end when it is asked to is ended by force', async (t) => {
  const viewer = await (await shell(t, 'trap "" TERM; echo "the desktop"; while :; do sleep 0.05; done')).start();
  await until('its first word', () => viewer.lastWords() !== '');
  await viewer.end();
  await viewer.ended;
  assert.equal(viewer.failure().reason, undefined, 'it did not end by itself');
});
