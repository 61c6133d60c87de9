/** Desktops through the whole path: their pixels in the person's own viewer, signed on by itself, in an account of their own. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { asStranger } from '../cli/stranger.ts';
import { type Harness, startHarness } from './harness.ts';
import { VIEWED } from './outages.ts';

let holdfast: Harness;
before(async () => {
  holdfast = await startHarness();
});
after(() => holdfast.end());

const isRoot = process.getuid?.() === 0;

for (const kind of ['vnc', 'rdp'] as const) {
  const { resource, holds, seen } = VIEWED[kind];
  test(`${holds}, B-N9a ${resource} opens by ${kind} and shows its desktop without asking for a password, which nobody else sees`, async (t) => {
    await holdfast.inPortal(t, async (portal) => {
      const missing = holdfast.system.report.missing.filter(({ name }) => name.endsWith(kind));
      // An RDP desktop has an account made for it.
      if (kind === 'rdp' && !isRoot) return t.skip('needs root');
      assert.deepEqual(missing, []);
      await portal.signIn('alice');
      await portal.launch(resource);
      await seen(holdfast);
      if (kind === 'vnc') assert.deepEqual(placesOf(passwordOfViewer()), []);
      await holdfast.endSessions();
    });
  });
}

test('B-R15c a person’s session runs in their own account and gets into nobody else’s', async (t) => {
  const { report } = holdfast.system;
  if (!isRoot) {
    assert.notEqual(report.sharedAccount, null, 'it is said in words that all share one account');
    return t.skip('needs root');
  }
  await holdfast.inPortal(t, async (portal) => {
    await portal.signIn('alice');
    await portal.launch('Terminal');
    await VIEWED.ssh.seen(holdfast);
    const account = (await holdfast.sessionOutput(/Terminal/u, 'id -un')).trim();
    assert.match(account, /^holdfast-\d+-alice$/u);
    const bob = account.replace(/alice$/u, 'bob');
    assert.match(await holdfast.sessionOutput(/Terminal/u, `test -d /home/${bob} && ls /home/${bob} || echo refused`), /refused/u);
    assert.match(await holdfast.sessionOutput(/Terminal/u, `ls ${report.dataDir} || echo refused`), /^refused/u);
    await holdfast.endSessions();
  });
  assert.equal(await asStranger(`ls ${report.dataDir} ; ls /home/holdfast-*-alice`), '');
});

/** That of the running VNC viewer: only its own user may read a program's environment. */
function passwordOfViewer(): string {
  const environments = readdirSync('/proc').map((pid) => readQuietly(`/proc/${pid}/environ`));
  const [, password = ''] = /(?:^|\0)VNC_PASSWORD=([^\0]+)/u.exec(environments.find((text) => text.includes('VNC_PASSWORD=')) ?? '') ?? [];
  assert.equal(password.length, 8);
  return password;
}

/** Arguments and logs in which it stands. */
function placesOf(password: string): readonly string[] {
  const { dataDir } = holdfast.system.report;
  const programs = readdirSync('/proc').map((pid) => `/proc/${pid}/cmdline`);
  const files = readdirSync(dataDir, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.log'));
  assert.ok(files.length > 10);
  return [...programs, ...files.map((name) => join(dataDir, name))].filter((path) => readQuietly(path).includes(password));
}

function readQuietly(path: string): string {
  try {
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  } catch {
    return '';
  }
}
