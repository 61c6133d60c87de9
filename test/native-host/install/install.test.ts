import assert from 'node:assert/strict';
import { chmod, chown, mkdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, before, beforeEach, test } from 'node:test';
import { NATIVE_HOST_NAME } from '#protocol/host';
import { readConfig } from '../../../native-host/config.ts';
import { doctor } from '../../../native-host/install/doctor.ts';
import { install, uninstall } from '../../../native-host/install/install.ts';
import { BROWSERS, here, placeOf } from '../../../native-host/install/places.ts';
import { wrapperPath, wrapperScript } from '../../../native-host/install/wrapper.ts';
import { need } from '../../runner/need.ts';
import { EXTENSION, newHome } from '../device.ts';

const NOBODY = 65_534;
/** Only root can give a file away. */
const asRoot = { skip: process.getuid?.() === 0 ? false : 'not root' };
const OTHER = 'ponmlkjihgfedcbaponmlkjihgfedcba';
let folder: string;
let profile: string;
let home: string;
let manifest: string;
// The wrapper prefers the built host.
before(() => need('build'));
beforeEach(async () => {
  folder = await newHome();
  home = join(folder, "it's a home");
  profile = join(folder, 'profile');
  manifest = join(profile, 'NativeMessagingHosts', `${NATIVE_HOST_NAME}.json`);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const order = (extensions = [EXTENSION], url = 'http://workspace.localhost:8080') => ({
  home,
  profile,
  scope: 'user' as const,
  workspace: { url, name: 'Contoso' },
  extensions,
});
const json = async (path: string) => JSON.parse(await readFile(path, 'utf8'));

test('install makes manifest, wrapper and configuration, and the host answers through them', async () => {
  const { wrapper } = await install(order());
  assert.deepEqual(await json(manifest), {
    name: NATIVE_HOST_NAME,
    description: 'Holdfast: opens sessions and keeps saved access',
    path: wrapper,
    type: 'stdio',
    allowed_origins: [`chrome-extension://${EXTENSION}/`],
  });
  assert.equal((await stat(wrapper)).mode & 0o777, 0o700);
  assert.equal((await stat(join(home, 'config.json'))).mode & 0o077, 0);
  const findings = await doctor(order());
  const broken = findings.filter(({ hop, ok }) => !ok && !hop.startsWith('viewer'));
  assert.deepEqual(broken, []);
  assert.ok(findings.some(({ hop, ok }) => hop === 'profile: round trip' && ok));
});

test('a second Workspace and another extension are added, nothing is lost', async () => {
  await install(order());
  const config = await json(join(home, 'config.json'));
  await writeFile(join(home, 'config.json'), JSON.stringify({ ...config, viewers: { rdp: '/opt/rdp' }, caFile: '/opt/ca.pem' }));
  await install(order([OTHER], 'https://workspace.fabrikam.example'));
  const after = await json(join(home, 'config.json'));
  assert.deepEqual(after.extensions, [EXTENSION, OTHER]);
  assert.equal(after.workspaces.length, 2);
  assert.deepEqual([after.viewers, after.caFile], [{ rdp: '/opt/rdp' }, '/opt/ca.pem']);
  assert.equal((await stat(manifest)).mode & 0o777, 0o600);
  assert.deepEqual((await json(manifest)).allowed_origins, [`chrome-extension://${EXTENSION}/`, `chrome-extension://${OTHER}/`]);
});

test('what an administrator wrote is never overwritten or removed', async () => {
  await mkdir(join(profile, 'NativeMessagingHosts'), { recursive: true });
  const theirs = JSON.stringify({ name: NATIVE_HOST_NAME, description: '', path: '/opt/company/host', type: 'stdio', allowed_origins: [] });
  await writeFile(manifest, theirs);
  await assert.rejects(install(order()), { code: 'conflict' });
  await assert.rejects(uninstall({ ...order(), purge: false }), { code: 'conflict' });
  assert.equal(await readFile(manifest, 'utf8'), theirs);
});

test('what another user wrote is never overwritten or removed', asRoot, async () => {
  await install(order());
  await chown(manifest, NOBODY, NOBODY);
  await assert.rejects(install(order()), { code: 'conflict' });
  await assert.rejects(uninstall({ ...order(), purge: false }), { code: 'conflict' });
  assert.ok((await stat(manifest)).isFile());
});

test('the system’s configuration counts where a person has none, and only when root alone can write it', async () => {
  const file = join(folder, 'host.json');
  await mkdir(home, { mode: 0o700 });
  await assert.rejects(readConfig(home, file), { code: 'forbidden_caller' });
  await writeFile(file, JSON.stringify({ v: 1, workspaces: [], extensions: [OTHER] }));
  await chmod(file, 0o666);
  await assert.rejects(readConfig(home, file), { code: 'unsafe_folder' });
  await install(order());
  assert.deepEqual((await readConfig(home, file)).extensions, [EXTENSION]);
});

test('uninstall leaves keys and leases, and takes them with --purge', async () => {
  await install(order());
  assert.equal((await uninstall({ ...order(), purge: false })).length, 1);
  await assert.rejects(stat(manifest), { code: 'ENOENT' });
  assert.ok((await stat(join(home, 'config.json'))).isFile());
  await uninstall({ ...order(), purge: true });
  await assert.rejects(stat(home), { code: 'ENOENT' });
});

test('doctor names the hop that is broken', async () => {
  const { wrapper } = await install(order());
  await chmod(wrapper, 0o600);
  await chmod(home, 0o755);
  const findings = await doctor(order());
  const broken = findings.filter(({ ok }) => !ok).map(({ hop }) => hop);
  assert.ok(broken.includes('folder'));
  assert.ok(broken.includes('profile: program'));
  assert.ok(broken.includes('profile: round trip'));
});

test('doctor says of each hop what it found', async () => {
  const { wrapper } = await install(order());
  const config = join(home, 'config.json');
  const viewers = { rdp: '/bin/sh', vnc: '/nowhere/vncviewer' };
  await writeFile(config, JSON.stringify({ ...(await json(config)), extensions: [EXTENSION, OTHER], viewers }));
  await writeFile(wrapper, '#!/bin/sh\nexit 0\n');
  const found = new Map((await doctor(order())).map(({ hop, ok, says }) => [hop, [ok, says] as const]));
  assert.deepEqual(found.get('folder'), [true, home]);
  assert.deepEqual(found.get('configuration'), [true, order().workspace.url]);
  assert.deepEqual(found.get('profile: manifest'), [true, manifest]);
  assert.deepEqual(found.get('profile: program'), [true, wrapper]);
  assert.deepEqual(found.get('profile: extension ids'), [false, `Not in the manifest: ${OTHER}`]);
  assert.equal(found.get('profile: round trip')?.[0], false);
  assert.match(found.get('profile: round trip')?.[1] ?? '', /nothing/u);
  assert.deepEqual(found.get('viewer: rdp'), [true, 'FreeRDP (/bin/sh)']);
  assert.equal(found.get('viewer: vnc')?.[0], false);
  assert.match(found.get('viewer: vnc')?.[1] ?? '', /TigerVNC/u);
  await rm(manifest);
  await rm(config);
  const later = await doctor(order());
  assert.deepEqual(
    later.flatMap(({ hop, ok }) => (ok || hop.startsWith('viewer') ? [] : [hop])),
    ['configuration', 'profile: manifest'],
  );
});

test('every browser has its place on every system, as its vendor says', () => {
  const at = { userHome: '/home/mara', configHome: '/home/mara/.config', home: '/data' };
  const placesOn = (platform: NodeJS.Platform, scope: 'user' | 'system') =>
    BROWSERS.map((browser) => placeOf(browser, { ...at, platform, scope }));
  const manifestsOn = (...on: Parameters<typeof placesOn>) => placesOn(...on).map(({ manifest }) => manifest);
  const named = (...folders: readonly string[]) => folders.map((folder) => join(folder, `${NATIVE_HOST_NAME}.json`));
  const mac = '/home/mara/Library/Application Support';
  assert.deepEqual(
    manifestsOn('linux', 'user'),
    named(...['google-chrome', 'chromium', 'microsoft-edge'].map((name) => `/home/mara/.config/${name}/NativeMessagingHosts`)),
  );
  assert.deepEqual(
    manifestsOn('linux', 'system'),
    named('/etc/opt/chrome/native-messaging-hosts', '/etc/chromium/native-messaging-hosts', '/etc/opt/edge/native-messaging-hosts'),
  );
  assert.deepEqual(
    manifestsOn('darwin', 'user'),
    named(...['Google/Chrome', 'Chromium', 'Microsoft Edge'].map((name) => `${mac}/${name}/NativeMessagingHosts`)),
  );
  assert.deepEqual(
    manifestsOn('darwin', 'system'),
    named(
      '/Library/Google/Chrome/NativeMessagingHosts',
      '/Library/Application Support/Chromium/NativeMessagingHosts',
      '/Library/Microsoft/Edge/NativeMessagingHosts',
    ),
  );
  for (const [scope, hive] of [
    ['user', 'HKCU'],
    ['system', 'HKLM'],
  ] as const) {
    assert.deepEqual(manifestsOn('win32', scope), named('/data', '/data', '/data'));
    assert.deepEqual(
      placesOn('win32', scope).map(({ registryKey }) => registryKey),
      ['Google\\Chrome', 'Chromium', 'Microsoft\\Edge'].map(
        (name) => `${hive}\\Software\\${name}\\NativeMessagingHosts\\${NATIVE_HOST_NAME}`,
      ),
    );
  }
});

test('a browser’s own folder says whether it is installed; the system’s places are there for every browser', () => {
  const at = { userHome: '/home/mara', configHome: '/home/mara/.config', home: '/data' };
  const foldersOn = (platform: NodeJS.Platform, scope: 'user' | 'system') =>
    BROWSERS.map((browser) => placeOf(browser, { ...at, platform, scope }).browserFolder);
  assert.deepEqual(foldersOn('linux', 'user')[0], '/home/mara/.config/google-chrome');
  assert.deepEqual(foldersOn('darwin', 'user')[0], '/home/mara/Library/Application Support/Google/Chrome');
  assert.deepEqual(foldersOn('win32', 'user')[0], join('/home/mara', 'AppData\\Local\\Google\\Chrome'));
  for (const platform of ['linux', 'darwin', 'win32'] as const)
    assert.deepEqual(foldersOn(platform, 'system'), [undefined, undefined, undefined]);
});

test('the wrapper lies where everybody it serves may start it', () => {
  assert.equal(wrapperPath('linux', { home: '/data', scope: 'user' }), '/data/holdfast-host');
  assert.equal(wrapperPath('darwin', { home: '/data', scope: 'system' }), '/usr/local/lib/holdfast/holdfast-host');
  for (const scope of ['user', 'system'] as const)
    assert.equal(wrapperPath('win32', { home: '/data', scope }), join('/data', 'holdfast-host.cmd'));
});

test('browsers keep their profiles where XDG_CONFIG_HOME says', () => {
  const { userHome } = here('user', home, {});
  for (const [env, configHome] of [
    [{ XDG_CONFIG_HOME: '/mnt/settings' }, '/mnt/settings'],
    [{ XDG_CONFIG_HOME: 'relative' }, join(userHome, '.config')],
    [{}, join(userHome, '.config')],
  ] as const) {
    const where = { ...here('user', home, env), platform: 'linux' as const };
    assert.equal(placeOf('chromium', where).browserFolder, join(configHome, 'chromium'));
  }
});

test('Chromium as a snap is not taken for no browser', async (t) => {
  const before = { HOME: process.env['HOME'], XDG_CONFIG_HOME: process.env['XDG_CONFIG_HOME'] };
  t.after(() => Object.assign(process.env, before));
  process.env['HOME'] = folder;
  process.env['XDG_CONFIG_HOME'] = join(folder, 'settings');
  const everywhere = { ...order(), profile: undefined };
  await assert.rejects(install(everywhere), { code: 'missing_program', reason: 'browser' });
  assert.ok((await doctor(everywhere)).some(({ hop, ok }) => hop === 'browser' && !ok));
  await mkdir(join(folder, 'snap', 'chromium'), { recursive: true });
  await assert.rejects(install(everywhere), { code: 'missing_program', reason: 'browser-snap' });
});

test('the host’s folder may be a link to another one of the person’s own', async () => {
  await mkdir(join(folder, 'elsewhere'), { mode: 0o700 });
  await symlink(join(folder, 'elsewhere'), home);
  await install(order());
  assert.ok((await stat(join(folder, 'elsewhere', 'config.json'))).isFile());
  assert.ok((await doctor(order())).some(({ hop, ok }) => hop === 'folder' && ok));
});

test('a wrapper’s paths are words, whatever is in them', () => {
  const script = wrapperScript('linux', { node: "/a b/$(id)/no'de", program: '/p', home: '/h;rm' });
  assert.match(script, /'\/a b\/\$\(id\)\/no'\\''de'/u);
  assert.match(script, /HOLDFAST_HOST_HOME='\/h;rm'/u);
});
