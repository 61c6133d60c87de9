/** The real thing on one machine: sshd, the session host's agent, a session process, OpenSSH in xterm on a screen in memory. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { SessionServer } from '#protocol/session-server';
import { makeAccount, removeAccount } from '../../../cli/desktops/account.ts';
import { isRoot } from '../../../cli/desktops/confinement.ts';
import { isAlive } from '../../../native-host/process-mark.ts';
import { runningSessions } from '../../../native-host/session/record.ts';
import { untilWindow } from '../../e2e/screen.ts';
import { outputOf } from '../../e2e/session.ts';
import { type Field, HERE, listening } from '../../services/whole-location.ts';
import { until, untilHolds } from '../../until.ts';
import { MARA } from '../../vectors/world.ts';
import { openDevice, type TestDevice } from '../device.ts';
import { type Bench, openBench, passwordFor } from './real-server.ts';
import { openSession } from './real-session.ts';

/** Nobody's session runs as root. */
const USER = isRoot() ? `holdfast-${process.pid}-ssh` : userInfo().username;
let bench: Bench;
let server: Partial<SessionServer>;
let field: Field;
before(async () => {
  bench = await openBench();
  const { folder, start } = bench;
  const [caKey, hostKey] = ['ca', 'host-key'].map((name) => {
    execFileSync('/usr/bin/ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)]);
    return join(folder, name);
  }) as [string, string];
  const port = await freePort();
  if (isRoot()) {
    makeAccount(USER);
    await mkdir('/run/sshd', { recursive: true });
  }
  const config = [
    `ListenAddress ${HERE}:${port}`,
    `HostKey ${hostKey}`,
    'PidFile none',
    `TrustedUserCAKeys ${caKey}.pub`,
    'AuthorizedKeysFile none',
    'UsePAM no',
  ];
  await writeFile(join(folder, 'sshd_config'), `${config.join('\n')}\n`);
  start({ file: '/usr/sbin/sshd', args: ['-D', '-e', '-f', join(folder, 'sshd_config')] });
  server = {
    protocol: 'ssh',
    target: { host: HERE, port },
    signOn: { kind: 'certificate', account: { table: { [MARA.upn]: USER } }, caKey },
    sshHostKey: `${hostKey}.pub`,
  };
  field = await bench.field(server);
});
after(async () => {
  await bench.end();
  if (isRoot()) removeAccount(USER);
});

const open = (at: Field = field, device: TestDevice = bench.device) => openSession(at, device, 'ssh', 'Terminal');

test('B-N8a a terminal opens without a question and runs commands on the session host', async (t) => {
  const { child, words, hasEnded, untilRunning } = await open();
  t.diagnostic(child.folder);
  try {
    await untilRunning();
    await untilWindow(bench.screen, /Terminal/u);
    assert.match(await outputOf(bench.screen, /Terminal/u, 'echo $((6 * 7)) as $USER'), new RegExp(`^42 as ${USER}`, 'u'));

    const [listed] = await runningSessions(bench.device.home);
    assert.equal(listed?.session.viewer, 'OpenSSH in xterm');
    const commandLines = await Promise.all(
      (await processesOf(listed?.pid ?? 0)).map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
    );
    assert.ok(commandLines.some((line) => line.includes('StrictHostKeyChecking=yes')));
    assert.doesNotMatch(commandLines.join(), /BEGIN|eyJ/u);

    bench.screen.type(/Terminal/u, 'exit');
    await untilHolds(hasEnded);
    assert.deepEqual(words.at(-1), { type: 'over' });
    assert.deepEqual(await runningSessions(bench.device.home), []);
    await child.end();
    assert.deepEqual(await readdir(join(bench.device.home, 'run')), []);
  } finally {
    await child.end();
  }
});

test('ending a session leaves no process and no file', async () => {
  const { child, untilRunning } = await open();
  await untilRunning();
  const [listed] = await runningSessions(bench.device.home);
  const processes = await processesOf(listed?.pid ?? 0);
  assert.ok(processes.length >= 2, 'the process and its viewer');
  const before = performance.now();
  await child.end();
  await untilHolds(() => !processes.some(isAlive));
  assert.ok(performance.now() - before < 5_000);
  assert.deepEqual(await readdir(join(bench.device.home, 'run')), []);
  assert.deepEqual(await runningSessions(bench.device.home), []);
});

test('B-N8h, B-N8i an unexpected host key is reported by its own reason, and no session counts as open', async () => {
  const { child, running, untilFailed } = await open(await bench.field({ ...server, sshHostKey: join(bench.folder, 'ca.pub') }));
  try {
    const { type, code, reason, sentence } = await untilFailed();
    assert.equal(running(), undefined);
    assert.deepEqual([type, code, reason], ['hopeless', 3026, 'host-key-other']);
    assert.match(sentence, /Something else may have answered in its place\./u);
  } finally {
    await child.end();
  }
});

test('B-N8i a sign-on that sshd refuses is reported by its own reason', async () => {
  const { child, untilFailed } = await open(await bench.field({ ...server, signOn: passwordFor(MARA.upn, USER, 'wrongone2') }));
  try {
    const { type, code, reason } = await untilFailed();
    assert.deepEqual([type, code, reason], ['hopeless', 3026, 'sign-on-refused']);
  } finally {
    await child.end();
  }
});

test('B-N9e where the person signs on themselves, the session waits for their password', { skip: !isRoot() && 'needs root' }, async () => {
  execFileSync('chpasswd', { input: `${USER}:rightone2\n` });
  const { child, words, running, untilRunning } = await open(
    await bench.field({ ...server, signOn: { kind: 'ask', account: { table: { [MARA.upn]: USER } } } }),
  );
  try {
    await until('it is said that the viewer asks', () => words.some(({ type }) => type === 'asking'));
    await untilWindow(bench.screen, /Terminal/u);
    assert.equal(running(), undefined);
    bench.screen.type(/Terminal/u, 'rightone2');
    await untilRunning();
  } finally {
    await child.end();
  }
});

test('B-N8i without a screen for its window the viewer is not started twice, and that is said', async () => {
  process.env['DISPLAY'] = ':9999';
  const { child, untilFailed } = await open();
  process.env['DISPLAY'] = bench.screen.display;
  try {
    const { type, reason } = await untilFailed();
    assert.deepEqual([type, reason], ['hopeless', 'no-display']);
  } finally {
    await child.end();
  }
});

for (const name of ['First Last', "o'brien", '100%user', '%h %d "x"']) {
  test(`B-N8a a terminal opens from a home called ${name}`, async () => {
    const device = await openDevice({}, join(bench.folder, name));
    const { child, untilRunning } = await open(field, device);
    try {
      await untilRunning();
    } finally {
      await child.end();
      await device.end();
    }
  });
}

test('B-N8a a session whose record can’t be written still runs', async () => {
  const device = await openDevice({}, join(bench.folder, 'no-room'));
  await mkdir(device.home, { mode: 0o700 });
  await writeFile(join(device.home, 'sessions'), 'in the way');
  const { child, words, hasEnded, untilRunning } = await open(field, device);
  try {
    await untilRunning();
    await untilWindow(bench.screen, /Terminal/u);
    bench.screen.type(/Terminal/u, 'exit');
    await untilHolds(hasEnded);
    assert.deepEqual(words.at(-1), { type: 'over' });
  } finally {
    await child.end();
    await device.end();
  }
});

test('B-N8i a session whose files don’t fit on the disk says that it is full', { skip: !isRoot() && 'needs root' }, async () => {
  const device = await openDevice({}, join(bench.folder, 'full'));
  const run = join(device.home, 'run');
  await mkdir(run, { mode: 0o700, recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'mode=0700,size=64k', 'tmpfs', run]);
  try {
    await assert.rejects(writeFile(join(run, 'filler'), Buffer.alloc(1 << 20)), { code: 'ENOSPC' });
    const { child, untilFailed } = await open(field, device);
    const { type, code, reason } = await untilFailed();
    await child.end();
    assert.deepEqual([type, code, reason], ['hopeless', 3026, 'disk-full']);
  } finally {
    execFileSync('umount', [run]);
    await device.end();
  }
});

/** All processes of the group that this process leads. */
async function processesOf(group: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/u.test(name));
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));
  return pids
    .filter((_pid, index) => stats[index]?.slice((stats[index]?.lastIndexOf(')') ?? 0) + 2).split(' ')[2] === `${group}`)
    .map(Number);
}

async function freePort(): Promise<number> {
  const server = createServer();
  const { port } = await listening(server);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}
