/** FreeRDP as people have it, before a real server that requires Network Level Authentication, as Windows does. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { SessionServer } from '#protocol/session-server';
import { newTlsIdentity } from '#runtime/tls/certificate';
import { needProgram } from '../../../cli/desktops/confinement.ts';
import { untilListening } from '../../../cli/desktops/server-ready.ts';
import { openScreen, type Screen, untilWindow } from '../../e2e/screen.ts';
import { until } from '../../until.ts';
import { MARA } from '../../vectors/world.ts';
import { type Bench, openBench, passwordFor } from './real-server.ts';
import { openSession } from './real-session.ts';

const PASSWORD = 'rightone2';
/** `winpr-hash -u mara -p rightone2 -f sam` */
const SAM = 'mara:::07a2340641e494c2479d3160f0e61055:::\n';
/** The server's video is lossy, but for this one. */
const COLOUR = '#ffffff';
let bench: Bench;
let shadowed: Screen;
let target: SessionServer['target'];
before(async () => {
  bench = await openBench();
  shadowed = await openScreen();
  const { folder, start } = bench;
  const [sam, socket] = [join(folder, 'sam'), join(folder, 'rdp')];
  writeFileSync(sam, SAM);
  const server = start({
    file: needProgram('freerdp-shadow-cli', 'freerdp-shadow-cli3'),
    args: [`/ipc-socket:${socket}`, '/sec:nla', `/sam-file:${sam}`],
    env: { DISPLAY: shadowed.display, XDG_CONFIG_HOME: folder },
  });
  await untilListening(socket, 'the shadow server', server, new AbortController().signal);
  paint();
  target = { socket };
});
after(async () => {
  await bench.end();
  await shadowed.close();
});

const open = async (settings: Partial<SessionServer>, title = 'Desktop') =>
  openSession(await bench.field({ protocol: 'rdp', target, ...settings }), bench.device, 'rdp', title);
const told = (password: string) => passwordFor(MARA.upn, 'mara', password);
const paint = () => execFileSync(needProgram('xsetroot'), ['-solid', COLOUR], { env: { DISPLAY: shadowed.display } });
/** The server sends what changes, and may lose the first picture while the viewer's window comes up: a desktop in use is painted again. */
const untilSeen = () =>
  until('the desktop in the viewer', () => {
    paint();
    return bench.screen.shareOf(COLOUR) > 0.3;
  });

test('B-N8c, B-N8i a server that requires NLA opens where its session host says so, and else that is what it failed of', async () => {
  const unsaid = await open({ signOn: told(PASSWORD) });
  const said = await open({ signOn: told(PASSWORD), nla: true });
  const wrong = await open({ signOn: told('wrongone2'), nla: true });
  try {
    const { type, code, reason, sentence } = await unsaid.untilFailed();
    assert.deepEqual([type, code, reason], ['hopeless', 3026, 'nla-required']);
    assert.match(sentence, /The server that runs it wants another way of signing on than is set up\./u);
    await said.untilRunning();
    await untilSeen();
    const refused = await wrong.untilFailed();
    assert.deepEqual([refused.type, refused.code, refused.reason], ['hopeless', 3026, 'sign-on-refused']);
  } finally {
    await Promise.all([unsaid, said, wrong].map(({ child }) => child.end()));
  }
});

test('B-N9e with NLA the viewer asks in a terminal for the person’s own password, and the session waits for it', async () => {
  const account = { table: { [MARA.upn]: 'mara' } };
  const { child, words, running, untilRunning } = await open({ signOn: { kind: 'ask', account }, nla: true });
  try {
    await until('it is said that the viewer asks', () => words.some(({ type }) => type === 'asking'));
    await untilWindow(bench.screen, /^Sign in to Desktop$/u);
    assert.equal(running(), undefined);
    bench.screen.type(/^Sign in to Desktop$/u, PASSWORD);
    await untilRunning();
    await untilSeen();
  } finally {
    await child.end();
  }
  const left = await open({ signOn: { kind: 'ask' }, nla: true }, 'Another');
  try {
    await until('it asks', () => left.words.some(({ type }) => type === 'asking'));
    await untilWindow(bench.screen, /^Sign in to Another$/u);
    await bench.screen.closeWindows();
    assert.equal((await left.untilFailed()).code, 3024);
  } finally {
    await left.child.end();
  }
});

test('B-N8i a server whose certificate differs from the one its session host names is reported by its own reason', async () => {
  const certificate = join(bench.folder, 'other.pem');
  writeFileSync(certificate, (await newTlsIdentity('other')).cert);
  const { child, untilFailed } = await open({ signOn: told(PASSWORD), nla: true, rdpCertificate: certificate });
  try {
    assert.equal((await untilFailed()).reason, 'certificate-other');
  } finally {
    await child.end();
  }
});
