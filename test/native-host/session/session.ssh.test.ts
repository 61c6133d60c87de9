/** The real thing on one machine: sshd, the session host's agent, a session process, OpenSSH in xterm on a screen in memory. */
import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { RunningSession } from '#protocol/host';
import { TYP } from '#protocol/jose';
import type { FromSession } from '#protocol/session-process';
import { makeAccount, removeAccount } from '../../../cli/desktops/account.ts';
import { isRoot } from '../../../cli/desktops/confinement.ts';
import { startSessionChild } from '../../../native-host/launch/session-child.ts';
import { isAlive } from '../../../native-host/process-mark.ts';
import { runningSessions } from '../../../native-host/session/record.ts';
import { openScreen, type Screen, untilWindow } from '../../e2e/screen.ts';
import { outputOf } from '../../e2e/session.ts';
import { type Field, HERE, listening, openField } from '../../services/whole-location.ts';
import { untilHolds } from '../../until.ts';
import { grantClaims, MARA } from '../../vectors/world.ts';
import { keyOf, newHome, OWNER, openDevice, type TestDevice } from '../device.ts';

/** Nobody's session runs as root. */
const USER = isRoot() ? `holdfast-${process.pid}-ssh` : userInfo().username;
let folder: string;
let sshd: ChildProcess;
let field: Field;
let screen: Screen;
let device: TestDevice;
before(async () => {
  folder = await newHome();
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
  sshd = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', join(folder, 'sshd_config')], { stdio: 'ignore' });
  field = await openField({
    server: {
      protocol: 'ssh',
      target: { host: HERE, port },
      signOn: { kind: 'certificate', account: { table: { [MARA.upn]: USER } }, caKey },
      sshHostKey: `${hostKey}.pub`,
    },
  });
  screen = await openScreen();
  process.env['DISPLAY'] = screen.display;
  device = await openDevice();
});
after(async () => {
  await device?.end();
  await screen?.close();
  await field?.close();
  sshd?.kill();
  if (isRoot()) removeAccount(USER);
  await rm(folder, { recursive: true, force: true });
});

/** A grant as a broker would give it, for the agent at its direct address. */
async function open() {
  const words: FromSession[] = [];
  let hasEnded = false;
  const child = await startSessionChild(
    device.home,
    (word) => words.push(word),
    () => {
      hasEnded = true;
    },
  );
  const key = await keyOf(await device.host.vaultOf(OWNER));
  const resource = { feed: 'apps', id: 'shell', name: 'Terminal', kind: 'desktop', protocol: 'ssh' } as const;
  const broker = field.world.component('broker', 'broker-1');
  child.tell({ type: 'prepare', correlationId: '7f3a91c2', protocol: 'ssh', folder: child.folder, viewers: {} });
  child.tell({
    type: 'open',
    ...OWNER,
    resource,
    mode: 'lease',
    grant: broker.signer.sign(TYP.grant, grantClaims(key, { resource, iat: field.now(), exp: field.now() + 60 })),
    statement: broker.statement,
    sessionHost: 'zurich-host-1',
    location: 'zurich',
    meeting: { route: 'direct', address: field.host.address },
    now: field.now(),
    trust: { rootBundle: field.world.signedBundle, revocations: field.world.listToken() },
  });
  return { child, words, hasEnded: () => hasEnded };
}
const runningOf = (words: readonly FromSession[]): RunningSession | undefined => words.find((word) => word.type === 'running')?.session;

test('B-N8a a terminal opens without a question and runs commands on the session host', async (t) => {
  const { child, words, hasEnded } = await open();
  t.diagnostic(child.folder);
  try {
    await untilHolds(() => runningOf(words) !== undefined || hasEnded());
    assert.ok(runningOf(words) !== undefined, `${JSON.stringify(words)}\n${await readFile(join(device.home, 'host.log'), 'utf8')}`);
    await untilWindow(screen, /Terminal/u);
    assert.match(await outputOf(screen, /Terminal/u, 'echo $((6 * 7)) as $USER'), new RegExp(`^42 as ${USER}`, 'u'));

    const [listed] = await runningSessions(device.home);
    assert.equal(listed?.session.viewer, 'OpenSSH in xterm');
    const commandLines = await Promise.all(
      (await processesOf(listed?.pid ?? 0)).map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
    );
    assert.ok(commandLines.some((line) => line.includes('StrictHostKeyChecking=yes')));
    assert.doesNotMatch(commandLines.join(), /BEGIN|eyJ/u);

    screen.type(/Terminal/u, 'exit');
    await untilHolds(hasEnded);
    assert.deepEqual(words.at(-1), { type: 'over' });
    assert.deepEqual(await runningSessions(device.home), []);
    await child.end();
    assert.deepEqual(await readdir(join(device.home, 'run')), []);
  } finally {
    await child.end();
  }
});

test('ending a session leaves no process and no file', async () => {
  const { child, words, hasEnded } = await open();
  await untilHolds(() => runningOf(words) !== undefined || hasEnded());
  const [listed] = await runningSessions(device.home);
  const processes = await processesOf(listed?.pid ?? 0);
  assert.ok(processes.length >= 2, 'the process and its viewer');
  const before = performance.now();
  await child.end();
  await untilHolds(() => !processes.some(isAlive));
  assert.ok(performance.now() - before < 5_000);
  assert.deepEqual(await readdir(join(device.home, 'run')), []);
  assert.deepEqual(await runningSessions(device.home), []);
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
