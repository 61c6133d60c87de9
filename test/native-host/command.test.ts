/** The command line as a person or a script sees it: its words, its JSON, its exit codes. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { HOST_PRODUCT_VERSION } from '../../native-host/handlers/hello.ts';
import { need } from '../runner/need.ts';
import { MARA, newWorld, WORKSPACE } from '../vectors/world.ts';
import { EXTENSION, newHome, openDevice, saveLeases, type TestDevice } from './device.ts';

const PROJECT = join(import.meta.dirname, '..', '..');
let home: string;
let profile: string;
let device: TestDevice;
before(async () => {
  // Once installed, the built host is what answers.
  await need('build');
  home = await newHome();
  profile = join(home, 'profile');
  device = await openDevice({}, home);
});
after(async () => {
  await device.end();
  await rm(home, { recursive: true, force: true });
});

function run(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const command = ['--disable-warning=ExperimentalWarning', join(PROJECT, 'cli', 'holdfast-host.ts'), ...args, '--home', home];
  return new Promise((resolve) => {
    execFile(process.execPath, command, (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code), out, err }));
  });
}

const PIN = 'A'.repeat(43);
const install = () => ['--profile', profile, '--workspace', WORKSPACE, '--name', 'Contoso', '--extension-id', EXTENSION];

test('install wants the pin of the root of trust, or the explicit decision to have none', async () => {
  const refused = await run('install', ...install());
  assert.equal(refused.code, 1);
  assert.match(refused.err, /Missing --root-pin/u);
  const plain = install().map((word) => (word === WORKSPACE ? 'http://workspace.example' : word));
  assert.equal((await run('install', ...plain, '--root-pin', PIN)).code, 1, 'a Workspace without TLS');
  const config = async () => JSON.parse(await readFile(join(home, 'config.json'), 'utf8')).workspaces;
  assert.equal((await run('install', ...install(), '--trust-whatever-root-the-workspace-names-first')).code, 0);
  assert.deepEqual(await config(), [{ url: WORKSPACE, name: 'Contoso', trustFirstRoot: true }]);
  assert.equal((await run('install', ...install(), '--root-pin', PIN)).code, 0);
  assert.deepEqual(await config(), [{ url: WORKSPACE, name: 'Contoso', rootPin: PIN }]);
});

test('B-N12a the commands, from an empty device to one that is taken off again', async (t) => {
  await t.test('launch with nothing saved is 3000, exit code 100', async () => {
    await run('install', ...install(), '--root-pin', PIN);
    const { code, out } = await run('launch', '--resource', 'ledger', '--lease-only', '--json');
    assert.equal(code, 100);
    const said = JSON.parse(out);
    assert.deepEqual([said.outcome, said.code, said.error.code], ['failed', 3000, 3000]);
    assert.match(said.error.correlationId, /^[0-9a-f]{4}(?:-[0-9a-f]{4}){2}$/u);
  });
  await t.test('status says that nobody has signed in', async () => {
    const { out } = await run('status');
    assert.match(out, /Contoso \(https:\/\/workspace\.contoso\.example\): nobody signed in yet/u);
  });
  await saveLeases(device, newWorld(), [{ locations: [] }]);
  await t.test('status and leases say what is saved', async () => {
    const [workspace] = JSON.parse((await run('status', '--json')).out).workspaces;
    assert.deepEqual([workspace.userName, workspace.leases.resources], [MARA.name, 1]);
    const { leases } = JSON.parse((await run('leases', '--json')).out);
    assert.deepEqual([leases.length, leases[0].resource], [1, { feed: 'apps', id: 'ledger' }]);
  });
  await t.test('a resource that is not saved is 3002, exit code 102, with words and the ID', async () => {
    const { code, out } = await run('launch', '--resource', 'atlas');
    assert.equal(code, 102);
    assert.match(out, /saved access is missing[\s\S]*Code 3002, ID [0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}/u);
  });
  await t.test('an id that two feeds use is refused with both names; with its feed it is taken', async () => {
    const world = newWorld();
    const resource = { ...world.leasable.resource, feed: 'other' };
    await saveLeases(device, world, [{ locations: [] }, { locations: [], resource }]);
    const refused = await run('launch', '--resource', 'ledger');
    assert.equal(refused.code, 1);
    assert.match(refused.err, /apps\/ledger, other\/ledger/u);
    assert.match((await run('leases')).out, /^apps\/ledger {2}.*\nother\/ledger {2}/u);
    const { code, out } = await run('launch', '--resource', 'other/ledger', '--json');
    assert.deepEqual([code, JSON.parse(out).code], [103, 3003]);
  });
  await t.test('where people are signed in to several Workspaces, a launch wants one of them named', async () => {
    const other = {
      profile: 'another-profile-of-mara',
      workspace: 'https://workspace.fabrikam.example',
      subject: MARA.subject,
      userName: MARA.name,
    };
    await device.host.people.bind(other);
    const refused = await run('launch', '--resource', 'ledger');
    assert.equal(refused.code, 1);
    assert.match(refused.err, /workspace\.fabrikam\.example, https:\/\/workspace\.contoso\.example/u);
    const { code, out } = await run('launch', '--resource', 'other/ledger', '--workspace', WORKSPACE, '--json');
    assert.deepEqual([code, JSON.parse(out).code], [103, 3003]);
    await device.host.people.release(other);
  });
  await t.test('no session runs, and the log has the launches', async () => {
    assert.deepEqual(JSON.parse((await run('sessions', '--json')).out), { sessions: [] });
    assert.match((await run('logs')).out, /launch of apps\/atlas failed: 3002/u);
  });
  await t.test('uninstall takes the manifest away', async () => {
    const { code, out } = await run('uninstall', '--profile', profile, '--json');
    assert.equal(code, 0);
    assert.equal(JSON.parse(out).removed.length, 1);
    assert.equal(JSON.parse((await run('leases', '--json')).out).leases.length, 2, 'the leases stay');
  });
  await t.test('what is missing or wrong in a command is said, with exit code 1', async () => {
    assert.equal((await run('launch')).code, 1);
    const wrong = await run('install', '--profile', profile, '--workspace', 'ftp://x', '--extension-id', EXTENSION);
    assert.equal(wrong.code, 1);
    assert.match(wrong.err, /workspace/u);
  });
});

test('the host says the version of its package', async () => {
  assert.equal(JSON.parse(await readFile(join(PROJECT, 'package.json'), 'utf8')).version, HOST_PRODUCT_VERSION);
});
