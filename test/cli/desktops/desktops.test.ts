/** Each kind of desktop, opened with the viewer that people use: the pixels on a real screen, a command in a real shell. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { ACCOUNT } from '#protocol/session-server';
import { makeAccount, ownAccount, removeAccount, type SessionAccount } from '../../../cli/desktops/account.ts';
import { confinementObstacle, isRoot, needProgram, type RunningDesktop } from '../../../cli/desktops/confinement.ts';
import { rdpCertificate, rdpObstacle, startRdpDesktop } from '../../../cli/desktops/rdp.ts';
import { sshFiles, startSshDesktop } from '../../../cli/desktops/sshd.ts';
import { startVncDesktops, vncPasswordFile } from '../../../cli/desktops/vnc.ts';
import { familyOf, isAlive } from '../../../cli/up/process-identity.ts';
import { signOnHelper } from '../../../cli/up/sign-on-helper.ts';
import { oneTimePassword } from '../../../services/session-host/one-time-password.ts';
import { openScreen, type Screen } from '../../e2e/screen.ts';
import { until } from '../../until.ts';
import { asStranger } from '../stranger.ts';

/** Colours of a screen with a decorated window and text on it; a bare background has a few. */
const MANY = 60;
let anna: SessionAccount;
let ben: SessionAccount;
let screen: Screen;
let folder: string;
const { signal } = new AbortController();
const onChange = () => {};

before(async () => {
  const own = (person: string) => (isRoot() ? makeAccount(`holdfast-${process.pid}-${person}`) : ownAccount());
  [anna, ben] = [own('anna'), own('ben')];
  folder = mkdtempSync(join(tmpdir(), 'hf-desk-'));
  screen = await openScreen();
});
after(async () => {
  await screen.close();
  if (isRoot()) for (const { user } of [anna, ben]) removeAccount(user);
  rmSync(folder, { recursive: true, force: true });
});

function newFolder(name: string): string {
  return mkdtempSync(join(folder, name));
}

function viewer(t: TestContext, file: string, args: readonly string[], { input = '', env = {} } = {}): ChildProcess {
  const child = spawn(file, args, { env: { ...process.env, ...env, DISPLAY: screen.display }, stdio: ['pipe', 'ignore', 'ignore'] });
  child.stdin?.end(input);
  t.after(() => child.kill('SIGKILL'));
  return child;
}

/** Ends the desktop and asserts that nothing of it is left. */
async function endWhole(desktop: RunningDesktop): Promise<void> {
  const { processes } = desktop;
  await desktop.end();
  assert.deepEqual(processes.filter(isAlive), []);
}

/** Whether somebody is let in there. */
function connects(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** The ports, open to everybody on this machine, on which the desktop or this process in front of it listens. */
function portsOf(desktop: RunningDesktop): readonly string[] {
  const own = desktop.processes.flatMap((one) => familyOf(one).map(({ pid }) => pid));
  const sockets = new Set([process.pid, ...own].flatMap(socketsOf));
  const rows = ['tcp', 'tcp6'].flatMap((table) => readFileSync(`/proc/net/${table}`, 'utf8').split('\n'));
  const fields = rows
    .map((row) => row.trim().split(/\s+/u))
    .filter(([, , , state, , , , , , inode]) => state === '0A' && sockets.has(inode ?? ''));
  return fields.map(([, address = '']) => address);
}

/** Inodes of a process's sockets. */
function socketsOf(pid: number): readonly string[] {
  const folder = `/proc/${pid}/fd`;
  return namesIn(folder).flatMap((fd) => /^socket:\[(\d+)\]$/u.exec(linkOf(join(folder, fd)))?.[1] ?? []);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/** What people could read of it who are not allowed: every program's arguments, and every file of a log. */
function argumentsAndLogs(logs: string): string {
  const programs = readdirSync('/proc').filter((name) => /^\d+$/u.test(name));
  const lines = programs.map((pid) => (existsSync(`/proc/${pid}/cmdline`) ? readQuietly(`/proc/${pid}/cmdline`) : ''));
  const files = readdirSync(logs, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.log'));
  return [...lines, ...files.map((name) => readQuietly(join(logs, name)))].join('\n');
}

function readQuietly(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

describe('B-R15a, B-R15b no other local user reaches a session server, or reads a password', () => {
  test('a terminal: a certificate opens a shell of its one account; it listens on no port', async (t) => {
    const own = newFolder('ssh-');
    const socket = join(own, 's');
    const desktop = await startSshDesktop({ folder: own, socket, accounts: [anna, ben], onChange });
    t.after(() => desktop.end());
    const client = newFolder('client-');
    const key = join(client, 'key');
    const run = (file: string, args: string[]) => spawnSync(needProgram(file), args, { encoding: 'utf8', timeout: 20_000 });
    run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
    const known = join(client, 'known_hosts');
    writeFileSync(known, `terminal ${readFileSync(sshFiles(own).hostPublicKey, 'utf8')}`);
    // As the session's process does it: a loopback port of its own in front of the socket.
    const door = createServer((here) => {
      const there = connect(socket);
      here.pipe(there).pipe(here);
      for (const end of [here, there]) end.on('error', () => {});
    });
    await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
    t.after(() => door.close());
    const at = door.address();
    assert.ok(at !== null && typeof at === 'object');
    const options = [
      'HostKeyAlias=terminal',
      `UserKnownHostsFile=${known}`,
      'StrictHostKeyChecking=yes',
      'IdentitiesOnly=yes',
      'BatchMode=yes',
    ];
    const ssh = (account: SessionAccount) => {
      const words = [
        '-F',
        '/dev/null',
        '-p',
        `${at.port}`,
        '-i',
        key,
        ...options.flatMap((o) => ['-o', o]),
        '-l',
        account.user,
        '127.0.0.1',
        'id -un',
      ];
      const child = spawn(needProgram('ssh'), words, { stdio: ['ignore', 'pipe', 'ignore'] });
      let said = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
      return new Promise<string>((resolve) => child.once('close', (status) => resolve(status === 0 ? said.trim() : `status ${status}`)));
    };
    assert.equal(await ssh(anna), 'status 255', 'a bare key is not enough');
    run('ssh-keygen', ['-q', '-s', sshFiles(own).caKey, '-I', 'test', '-n', anna.user, '-V', '+1m', `${key}.pub`]);
    assert.equal(await ssh(anna), anna.user);
    if (isRoot()) {
      assert.equal(await ssh(ben), 'status 255', 'it is nobody else’s certificate');
      assert.equal(await asStranger(`test ! -e ${socket} || echo reached`), '', 'another local user does not even see the socket');
    }
    assert.equal(portsOf(desktop).length, 1, 'the door of this test alone');
    await endWhole(desktop);
    assert.equal(await connects(socket), false);
    if (!isRoot()) t.skip('needs root: nobody else has tried');
  });

  test('VNC: each account has its own desktop, each sign-on a password of its own, good once', async (t) => {
    const own = newFolder('vnc-');
    const sockets = join(own, 'sockets');
    mkdirSync(sockets, { mode: 0o700 });
    const accounts = isRoot() ? [anna, ben] : [anna];
    const socketOf = ({ user }: SessionAccount) => join(sockets, user);
    const desktop = await startVncDesktops({ folder: own, socket: join(sockets, ACCOUNT), accounts, signal, onChange });
    t.after(() => desktop.end());
    assert.equal(desktop.processes.length, 0, 'nothing runs for people who have not come');
    const helper = signOnHelper(own, {
      accounts: accounts.map(({ user }) => user),
      passwords: { kind: 'vnc', file: vncPasswordFile(own), obfuscate: needProgram('tigervncpasswd', 'vncpasswd') },
    });
    const open = (account: SessionAccount, password: string) => {
      const flags = ['-SecurityTypes=VncAuth', '-ReconnectOnError=0', '-AlertOnFatalError=0', socketOf(account)];
      return viewer(t, needProgram('xtigervncviewer'), flags, { env: { VNC_PASSWORD: password } });
    };
    const ended = (window: ChildProcess) => until('the viewer is turned away', () => window.exitCode !== null, 30_000);
    const missing = () => `the desktop in the viewer; its log: ${readQuietly(join(own, 'vnc.log'))}`;
    const shown = () => until(missing, () => screen.shareOf('#205c40') > 0.1 && screen.colours() > MANY, 30_000);

    const first = await oneTimePassword(helper.give, anna.user);
    const window = open(anna, first.password);
    await shown();
    if (isRoot()) {
      assert.equal(await asStranger(`cat ${vncPasswordFile(own).replace(ACCOUNT, anna.user)} || true`), '');
      assert.equal(await asStranger(`ls ${sockets} || true`), '');
    }
    assert.ok(!argumentsAndLogs(own).includes(first.password));
    window.kill('SIGTERM');
    first.spend();
    const file = vncPasswordFile(own).replace(ACCOUNT, anna.user);
    await until('the password is taken back', () => !existsSync(file));
    await ended(open(anna, first.password));

    const [again, other] = [await oneTimePassword(helper.give, anna.user), await oneTimePassword(helper.give, accounts.at(-1)?.user ?? '')];
    assert.equal(new Set([first.password, again.password, other.password]).size, 3);
    if (isRoot()) {
      await ended(open(ben, again.password));
      const back = open(anna, again.password);
      await shown();
      back.kill('SIGTERM');
    }
    again.spend();
    other.spend();
    assert.deepEqual(portsOf(desktop), []);
    await assert.rejects(oneTimePassword(helper.give, 'root'), { code: 3026 });
    await endWhole(desktop);
    if (!isRoot()) t.skip('needs root: nobody else has tried');
  });

  test('RDP: a password opens one desktop once, and nothing else; no port of it is reached', async (t) => {
    if (confinementObstacle() !== undefined) {
      assert.match(rdpObstacle()?.reason ?? '', /account|namespaces/u);
      return t.skip(isRoot() ? 'needs namespaces' : 'needs root');
    }
    const own = newFolder('rdp-');
    const socket = join(own, 's');
    const helper = signOnHelper(own, { accounts: [anna.user], passwords: { kind: 'pam', folder: join(own, 'one-time') } });
    const desktop = await startRdpDesktop({ folder: own, socket, check: helper.check, signal });
    t.after(() => desktop.end());
    const print = new X509Certificate(readFileSync(rdpCertificate(own))).fingerprint256.toLowerCase();
    const open = (account: SessionAccount, password: string) => {
      const flags = [
        `/v:${socket}`,
        `/u:${account.user}`,
        '/d:',
        '/from-stdin:force',
        `/cert:deny,fingerprint:sha256:${print}`,
        '/sec:tls',
      ];
      return viewer(t, needProgram('xfreerdp', 'xfreerdp3'), [...flags, '/size:1024x700'], { input: `${password}\n` });
    };
    const { password, spend } = await oneTimePassword(helper.give, anna.user);
    const window = open(anna, password);
    await until('the desktop in the viewer', () => screen.shareOf('#20405c') > 0.1 && screen.colours() > MANY, 40_000);
    assert.deepEqual(readdirSync(join(own, 'one-time', anna.user)), [], 'the sign-on has used it up');
    assert.deepEqual(portsOf(desktop), [], 'session manager and X server listen where nobody else is');
    assert.equal(await asStranger(`test ! -e ${socket} || echo reached`), '');
    assert.ok(!argumentsAndLogs(own).includes(password));
    assert.equal(readFileSync('/etc/shadow', 'utf8').match(new RegExp(`^${anna.user}:([^:]*):`, 'mu'))?.[1], '*', 'no Unix password');
    window.kill('SIGTERM');
    spend();

    const judge = (account: string, tried: string) => {
      const [file = '', ...args] = helper.check;
      return spawnSync(file, args, { input: `${tried}\0`, env: { PAM_USER: account } }).status;
    };
    assert.equal(judge(anna.user, password), 1, 'not twice');
    const next = await oneTimePassword(helper.give, anna.user);
    assert.equal(judge(ben.user, next.password), 1, 'not for another account');
    assert.equal(judge('root', next.password), 1);
    assert.equal(judge(anna.user, next.password), 0);
    await assert.rejects(oneTimePassword(helper.give, ben.user), { code: 3026 }, 'not in the list');
    next.spend();
    await endWhole(desktop);
  });
});
