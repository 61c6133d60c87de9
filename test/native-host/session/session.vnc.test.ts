/** TigerVNC as people have it, before real servers: what opens, what asks, and what fails of what. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { SessionServer } from '#protocol/session-server';
import { needProgram } from '../../../cli/desktops/confinement.ts';
import { untilTold } from '../../../cli/desktops/server-ready.ts';
import { untilWindow } from '../../e2e/screen.ts';
import { until } from '../../until.ts';
import { MARA } from '../../vectors/world.ts';
import { type Bench, openBench, passwordFor } from './real-server.ts';
import { openSession } from './real-session.ts';

const PASSWORD = 'rightone';
const WRONG = 'wrongone';
const COLOUR = '#205c40';
let bench: Bench;
before(async () => {
  bench = await openBench();
  // Dialogs get the keyboard as on a desktop.
  bench.start({ file: needProgram('openbox'), args: [], env: { DISPLAY: bench.screen.display } });
});
after(() => bench.end());

/** Its socket; a screen of one colour. */
async function server(name: string, security: readonly string[]): Promise<SessionServer['target']> {
  const { folder, start } = bench;
  const socket = join(folder, name);
  const passwords = join(folder, `${name}.passwords`);
  writeFileSync(passwords, execFileSync(needProgram('tigervncpasswd', 'vncpasswd'), ['-f'], { input: PASSWORD }), { mode: 0o600 });
  const access = ['-rfbport', '-1', '-rfbunixpath', socket, '-rfbunixmode', '0600', '-rfbauth', passwords, '-nolisten', 'tcp'];
  const x = start({ file: needProgram('Xvnc'), args: ['-displayfd', '3', '-geometry', '800x600', ...access, ...security], tells: true });
  const env = { DISPLAY: `:${await untilTold('Xvnc', x, new AbortController().signal)}` };
  execFileSync(needProgram('xsetroot'), ['-solid', COLOUR], { env });
  return { socket };
}
const told = (password: string) => passwordFor(MARA.upn, 'mara', password);
const open = async (settings: Partial<SessionServer>) =>
  openSession(await bench.field({ protocol: 'vnc', ...settings }), bench.device, 'vnc', 'Desktop');
const untilSeen = () => until('the desktop in the viewer', () => bench.screen.shareOf(COLOUR) > 0.1);

test('B-N8b, B-N8h, B-N8i a desktop is open when it is shown, and a refused password is reported as such', async () => {
  const target = await server('plain', ['-SecurityTypes', 'VncAuth']);
  const right = await open({ target, signOn: told(PASSWORD) });
  const wrong = await open({ target, signOn: told(WRONG) });
  try {
    await right.untilRunning();
    await untilSeen();
    const { type, code, reason, sentence } = await wrong.untilFailed();
    assert.equal(wrong.running(), undefined, 'no session counts as open');
    assert.deepEqual([type, code, reason], ['hopeless', 3026, 'sign-on-refused']);
    assert.match(sentence, /The server that runs it didn’t let you in\. Check your user name and password\./u);
  } finally {
    await Promise.all([right.child.end(), wrong.child.end()]);
  }
});

test('B-N9e the viewer asks for the password: the session waits for it; closing the question cancels', async () => {
  const target = await server('asking', ['-SecurityTypes', 'VncAuth']);
  const { child, words, running, untilRunning } = await open({ target, signOn: { kind: 'ask' } });
  try {
    await until('it is said that the viewer asks', () => words.some(({ type }) => type === 'asking'));
    await untilWindow(bench.screen, /VNC authentication/u);
    assert.equal(running(), undefined);
    bench.screen.type(/VNC authentication/u, PASSWORD);
    await untilRunning();
    await untilSeen();
  } finally {
    await child.end();
  }
  const left = await open({ target, signOn: { kind: 'ask' } });
  try {
    await until('it asks', () => left.words.some(({ type }) => type === 'asking'));
    await untilWindow(bench.screen, /VNC authentication/u);
    await bench.screen.closeWindows();
    const { type, code } = await left.untilFailed();
    assert.deepEqual([type, code], ['hopeless', 3024]);
  } finally {
    await left.child.end();
  }
});

test('B-N8b, B-N8i a server that takes TLS only opens where its session host says so, and else that is what it failed of', async () => {
  const target = await server('tls', ['-SecurityTypes', 'TLSVnc']);
  const unsaid = await open({ target, signOn: told(PASSWORD) });
  const said = await open({ target, signOn: told(PASSWORD), tls: true });
  const wrong = await open({ target, signOn: told(WRONG), tls: true });
  try {
    const { type, code, reason, sentence } = await unsaid.untilFailed();
    assert.deepEqual([type, code, reason], ['hopeless', 3026, 'tls-required']);
    assert.match(sentence, /The server that runs it wants another way of signing on than is set up\./u);
    await said.untilRunning();
    await untilSeen();
    assert.deepEqual((await wrong.untilFailed()).reason, 'sign-on-refused');
  } finally {
    await Promise.all([unsaid, said, wrong].map(({ child }) => child.end()));
  }
});

test('B-N9e a certificate that the viewer does not know is shown to the person, who may take their time', async () => {
  const [key, certificate] = [join(bench.folder, 'key.pem'), join(bench.folder, 'cert.pem')];
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=vnc', '-keyout', key, '-out', certificate];
  execFileSync(needProgram('openssl'), request, { stdio: 'ignore' });
  const target = await server('x509', ['-SecurityTypes', 'X509Vnc', '-X509Key', key, '-X509Cert', certificate]);
  const { child, words, running, untilRunning } = await open({ target, signOn: told(PASSWORD), tls: true });
  try {
    await until('it is said that the viewer asks', () => words.some(({ type }) => type === 'asking'));
    const question = () => bench.screen.windows().some((title) => /certificate/iu.test(title));
    await until('the question about the certificate', question);
    assert.equal(running(), undefined);
    await until('every question is answered', () => {
      if (question()) bench.screen.type(/certificate/iu, '');
      return running() !== undefined;
    });
    await untilRunning();
  } finally {
    await child.end();
  }
});
