/** Each kind of desktop, opened with the viewer that people use: the pixels on a real screen, a command in a real shell. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { accountName, makeAccount, ownAccount, removeAccount, type SessionAccount } from '../../../cli/desktops/account.ts';
import { confinementObstacle, isRoot, needProgram, type RunningDesktop } from '../../../cli/desktops/confinement.ts';
import { rdpCertificate, rdpObstacle, startRdpDesktop } from '../../../cli/desktops/rdp.ts';
import { sshFiles, startSshDesktop } from '../../../cli/desktops/sshd.ts';
import { startVncDesktop, vncSocket } from '../../../cli/desktops/vnc.ts';
import { isAlive } from '../../../cli/up/process-identity.ts';
import { openScreen, type Screen } from '../../e2e/screen.ts';
import { until } from '../../until.ts';

const PASSWORD = 'k3m9xw7aqp2d';
/** Colours of a screen with a decorated window and text on it; a bare background has a few. */
const MANY = 60;
const name = accountName(process.pid);
let account: SessionAccount;
let screen: Screen;
let folder: string;
const { signal } = new AbortController();

before(async () => {
  account = isRoot() ? makeAccount(name, PASSWORD) : ownAccount();
  folder = mkdtempSync(join(tmpdir(), 'hf-desk-'));
  screen = await openScreen();
});
after(async () => {
  await screen.close();
  if (isRoot()) removeAccount(name);
  rmSync(folder, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  assert.ok(address !== null && typeof address === 'object');
  return address.port;
}

function viewer(t: TestContext, file: string, args: readonly string[], input = ''): ChildProcess {
  const child = spawn(file, args, { env: { ...process.env, DISPLAY: screen.display }, stdio: ['pipe', 'ignore', 'ignore'] });
  child.stdin?.end(input);
  t.after(() => child.kill('SIGKILL'));
  return child;
}

/** Ends the desktop and asserts that nothing of it is left. */
async function endWhole(desktop: RunningDesktop): Promise<void> {
  await desktop.end();
  assert.deepEqual(desktop.processes.filter(isAlive), []);
}

test('B-N8 a terminal: a certificate of the agent opens a shell of the session account, anything else does not', async (t) => {
  const port = await freePort();
  const sshFolder = mkdtempSync(join(folder, 'ssh-'));
  const desktop = await startSshDesktop({ folder: sshFolder, port, account, signal });
  t.after(() => desktop.end());
  const own = mkdtempSync(join(folder, 'client-'));
  const key = join(own, 'key');
  const run = (file: string, args: string[]) => spawnSync(needProgram(file), args, { encoding: 'utf8', timeout: 20_000 });
  run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  const known = join(own, 'known_hosts');
  writeFileSync(known, `terminal ${readFileSync(sshFiles(sshFolder).hostPublicKey, 'utf8')}`);
  const options = [
    'HostKeyAlias=terminal',
    `UserKnownHostsFile=${known}`,
    'StrictHostKeyChecking=yes',
    'IdentitiesOnly=yes',
    'BatchMode=yes',
  ];
  const ssh = () =>
    run('ssh', [
      '-F',
      '/dev/null',
      '-p',
      `${port}`,
      '-i',
      key,
      ...options.flatMap((o) => ['-o', o]),
      '-l',
      account.user,
      '127.0.0.1',
      'id -un',
    ]);
  assert.equal(ssh().status, 255, 'a bare key is not enough');
  run('ssh-keygen', ['-q', '-s', sshFiles(sshFolder).caKey, '-I', 'test', '-n', account.user, '-V', '+1m', `${key}.pub`]);
  assert.equal(ssh().stdout, `${account.user}\n`);
  await endWhole(desktop);
});

test('B-N8 a VNC desktop shows its colour and a terminal window in the viewer', async (t) => {
  const own = mkdtempSync(join(folder, 'vnc-'));
  const desktop = await startVncDesktop({ folder: own, account, password: PASSWORD.slice(0, 8), signal });
  t.after(() => desktop.end());
  const passwordFile = join(own, 'viewer-password');
  const made = spawnSync(needProgram('tigervncpasswd', 'vncpasswd'), ['-f'], { input: `${PASSWORD.slice(0, 8)}\n` });
  writeFileSync(passwordFile, made.stdout, { mode: 0o600 });
  const flags = ['-SecurityTypes', 'VncAuth', '-PasswordFile', passwordFile, '-ReconnectOnError=0', '-AlertOnFatalError=0'];
  const window = viewer(t, needProgram('xtigervncviewer'), [...flags, vncSocket(own, account)]);
  await until('the desktop in the viewer', () => screen.shareOf('#205c40') > 0.1 && screen.colours() > MANY);
  window.kill('SIGTERM');
  await endWhole(desktop);
});

test('B-N8 an RDP desktop shows its colour and a terminal window in the viewer', async (t) => {
  if (confinementObstacle() !== undefined) {
    assert.match(rdpObstacle()?.reason ?? '', /account|namespaces/u);
    return;
  }
  const own = mkdtempSync(join(folder, 'rdp-'));
  const port = await freePort();
  const desktop = await startRdpDesktop({ folder: own, port, managerPort: await freePort(), signal });
  t.after(() => desktop.end());
  const print = new X509Certificate(readFileSync(rdpCertificate(own))).fingerprint256.toLowerCase();
  const flags = [
    `/v:127.0.0.1:${port}`,
    `/u:${account.user}`,
    '/d:',
    '/from-stdin:force',
    `/cert:deny,fingerprint:sha256:${print}`,
    '/sec:tls',
  ];
  const window = viewer(t, needProgram('xfreerdp', 'xfreerdp3'), [...flags, '/size:1024x700'], `${PASSWORD}\n`);
  await until('the desktop in the viewer', () => screen.shareOf('#20405c') > 0.1 && screen.colours() > MANY);
  window.kill('SIGTERM');
  await endWhole(desktop);
});
