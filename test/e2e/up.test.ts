/** `holdfast up` as programs use it: what it says, what it breaks and restores, and that it leaves nothing behind, even killed. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { readRun } from '../../cli/up/data-dir.ts';
import { COMPONENTS, DESKTOPS } from '../../cli/up/plan.ts';
import { isAlive, type ProcessIdentity } from '../../cli/up/process-identity.ts';
import { PROJECT_DIR } from '../runner/files.ts';
import { until } from '../until.ts';
import { askByName } from './ask-by-name.ts';
import { type System, startSystem } from './system.ts';

let system: System;
before(async () => {
  system = await startSystem();
});
after(() => system.end());

const addressOf = (name: string): string => system.report.components.find((one) => one.name === name)?.addresses[0] ?? assert.fail(name);

/** What a plain HTTP client gets of the Workspace: a status, or why there is none. */
async function ask(): Promise<number | string> {
  try {
    return (await askByName(system.report.workspaceUrl)).status;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return error.name === 'TimeoutError' ? 'timeout' : 'refused';
  }
}

/** Whether a TCP client is let in. */
function connects(name: string): Promise<boolean> {
  const [host = '', port = ''] = addressOf(name).split(':');
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port) });
    const say = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => say(true));
    socket.once('error', () => say(false));
  });
}

function runningOf(data: string): readonly ProcessIdentity[] {
  return (readRun(data)?.processes ?? []).filter(isAlive);
}

test('the one line of JSON names every component, address and person', () => {
  const { report } = system;
  const named = new Map(report.components.map((one) => [one.name, one]));
  for (const { name } of COMPONENTS) assert.ok(Number.isInteger(named.get(name)?.pid), name);
  const left = report.missing.map(({ name }) => name);
  for (const { name } of DESKTOPS) assert.ok(named.has(name) || left.includes(name), name);
  if (process.getuid?.() === 0) assert.deepEqual(left, [], 'root has no reason to leave a desktop out');
  assert.deepEqual(
    report.users.map(({ name, password }) => [name, password.length]),
    [
      ['alice', 12],
      ['bob', 12],
      ['carla', 12],
    ],
  );
});

test('stop refuses, hang lets in and never answers, error says 503, restore is as before', async () => {
  assert.equal(await ask(), 200);
  await system.outage('workspace', 'stop');
  assert.equal(await ask(), 'refused');
  await system.outage('workspace', 'hang');
  assert.equal(await connects('workspace'), true);
  assert.equal(await ask(), 'timeout');
  await system.outage('workspace', 'error');
  assert.equal(await ask(), 503);
  await system.outage('workspace', 'restore');
  assert.equal(await ask(), 200);
});

test('slow stands still again and again, and still answers; restore lets it run', async () => {
  const standStill = () => runningOf(system.report.dataDir).some(({ pid }) => /\) T /u.test(readFileSync(`/proc/${pid}/stat`, 'utf8')));
  assert.equal(standStill(), false);
  await system.outage('workspace', 'slow');
  for (let time = 0; time < 2; time++) {
    await until('it stands still', standStill);
    await until('it answers', async () => (await ask()) === 200);
  }
  await system.outage('workspace', 'restore');
  assert.equal(standStill(), false);
  assert.equal(await ask(), 200);
});

test('a group breaks and comes back as one', async () => {
  await system.outage('cloud', 'stop');
  const stopped = (await system.standings()).filter(({ standing }) => standing === 'stopped').map(({ name }) => name);
  assert.deepEqual(stopped, ['workspace', 'identity', 'broker', 'tickets', 'lease-issuer', 'root-of-trust']);
  await system.outage('cloud', 'restore');
  assert.ok((await system.standings()).every(({ standing }) => standing === 'up'));
});

test('a block is set, listed and taken away on the command line', () => {
  const listed = () => system.command('admin', 'blocks').stdout;
  assert.equal(listed(), 'Nobody is blocked.\n');
  const unseen = system.command('admin', 'block', '--group', 'Finance', '--days', '3');
  assert.equal(unseen.status, 1);
  assert.match(unseen.stderr, /"Finance" is known.*--anyway/u);
  assert.equal(listed(), 'Nobody is blocked.\n');
  assert.equal(system.command('admin', 'block', '--group', 'Finance', '--days', '3', '--anyway').status, 0);
  const [, id = ''] = /^([0-9a-f]{16}) {2}group Finance {2}.* UTC to .* UTC\n$/u.exec(listed()) ?? [];
  assert.equal(system.command('admin', 'unblock', id).status, 0);
  assert.equal(listed(), 'Nobody is blocked.\n');
});

test('a join token comes with what a newcomer needs to know the root by', () => {
  const { stdout } = system.command('admin', 'join-token', '--role', 'gateway', '--id', 'gateway-3', '--json');
  assert.match(stdout, /"joinToken":".+"rootOfTrust":\{"url":"https:.+"tlsPin":".+"rootPin":".+"\}/u);
});

/** A command of docs/debugging.md by words of its own -> the component that it asks, and what comes back. */
const BY_HAND: readonly (readonly [command: RegExp, component: string, answer: RegExp])[] = [
  [/to-host\.ts/u, 'workspace', /"workspaces": \[/u],
  [/writeUInt32LE/u, 'workspace', /"workspaces":\[\{"url":"http:\/\/workspace\.localhost/u],
  [/openssl s_client/u, 'gateway-1', /^\{"type":"hello","v":1,"statement":/u],
  [/enumerations/u, 'broker', /"resources":\[\{"id":"terminal"/u],
  [/api\/v1\/session/u, 'workspace', /"code":"not_signed_in"/u],
  [/session\/main\.ts/u, 'workspace', /"code":"missing_viewer"/u],
];

test('every command of docs/debugging.md gets the answer that the page speaks of', () => {
  const { dataDir, nativeHostManifest } = system.report;
  const page = readFileSync(join(PROJECT_DIR, 'docs', 'debugging.md'), 'utf8');
  const blocks = [...page.matchAll(/^```(?<language>\w*)\n(?<lines>.+?)\n```$/gmsu)].map(({ groups }) => groups);
  const commands = blocks.flatMap((block) => (block?.['language'] === '' ? [block['lines'] ?? ''] : []));
  assert.equal(commands.length, BY_HAND.length);
  const [, id = ''] = /chrome-extension:\/\/(\w+)\//u.exec(readFileSync(nativeHostManifest, 'utf8')) ?? [];
  for (const [words, component, answer] of BY_HAND) {
    const [, port = ''] = addressOf(component).split(':');
    const command = commands.find((one) => words.test(one)) ?? assert.fail(String(words));
    const filled = command
      .replaceAll('DATA', dataDir)
      .replaceAll('COMPONENT', 'workspace')
      .replaceAll('THE-ID', id)
      .replaceAll(/\bPORT\b/gu, port);
    const PATH = `${dirname(process.execPath)}:${process.env['PATH']}`;
    const { stdout, stderr } = spawnSync('bash', ['-c', filled], { cwd: PROJECT_DIR, encoding: 'utf8', env: { ...process.env, PATH } });
    assert.match(stdout, answer, stderr);
  }
});

test('a second up in the same folder is refused and disturbs nothing', async () => {
  const { status, stderr } = system.again();
  assert.equal(status, 1);
  assert.match(stderr, /already running/u);
  assert.equal(await ask(), 200);
});

test('a killed up leaves no component running; the next one removes the rest and keeps what people rely on', async () => {
  const { dataDir, users } = system.report;
  const running = runningOf(dataDir);
  const accounts = readRun(dataDir)?.accounts ?? [];
  assert.ok(running.length >= COMPONENTS.length);
  system.process.kill('SIGKILL');
  await until('everything has ended', () => running.every((one) => !isAlive(one)));
  system = await startSystem(dataDir);
  assert.deepEqual(system.report.users, users);
  for (const account of accounts) assert.equal(spawnSync('id', [account]).status, 1, 'the accounts of the killed one are gone');
});

test('SIGTERM ends everything, the desktops too', async () => {
  const { dataDir } = system.report;
  const running = runningOf(dataDir);
  system.process.kill('SIGTERM');
  await system.ended;
  assert.deepEqual(running.filter(isAlive), []);
  assert.equal(readRun(dataDir), undefined);
});
