/** `holdfast root ...` as operators call it. */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import * as v from 'valibot';
import { Digest } from '#protocol/primitives';
import { startRoot } from '../../../services/service-in-process.ts';
import { temporaryFolder } from '../../../services/temporary-folder.ts';
import { holdfast } from '../../holdfast-command.ts';

const Digests = v.array(Digest);
const Report = v.object({
  version: v.number(),
  tenant: v.string(),
  threshold: v.number(),
  rootKeys: Digests,
  roles: v.object({ trust: Digests, issuer: Digests, revoker: Digests }),
  issued: v.number(),
  expires: v.number(),
  rootPin: Digest,
  tlsPin: v.optional(Digest),
});

async function root(...args: readonly string[]): Promise<v.InferOutput<typeof Report>> {
  const { status, stdout, stderr } = await holdfast(['root', ...args, '--json']);
  assert.equal(status, 0, stderr);
  return v.parse(Report, JSON.parse(stdout));
}

async function refused(words: RegExp, ...args: readonly string[]): Promise<void> {
  const { status, stdout, stderr } = await holdfast(['root', ...args]);
  assert.equal(status, 1);
  assert.equal(stdout, '');
  assert.match(stderr, words);
}

async function newFolder(t: TestContext): Promise<string> {
  return join(await temporaryFolder(t), 'root');
}

function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
}

test('root init holds the ceremony: owner-only files, the pins, and what to keep where', async (t) => {
  const dir = await newFolder(t);
  const { status, stdout } = await holdfast(['root', 'init', dir, '--tenant', 'acme', '--keys', '5', '--threshold', '3']);
  assert.equal(status, 0);
  const shown = await root('show', dir);
  assert.equal(shown.version, 1);
  assert.equal(shown.tenant, 'acme');
  assert.equal(shown.threshold, 3);
  assert.equal(shown.rootKeys.length, 5);
  assert.deepEqual(await root('show', join(dir, 'bundles', 'root.1.json')), shown);
  const pins = v.parse(v.object({ tlsPin: Digest, rootPin: Digest }), JSON.parse(readFileSync(join(dir, 'pins.json'), 'utf8')));
  assert.equal(pins.rootPin, shown.rootPin);
  for (const said of [pins.rootPin, pins.tlsPin, 'Any 3 of them', 'offline/', 'issuer.json', ...shown.rootKeys])
    assert.ok(stdout.includes(said), said);
  for (const name of filesOf(dir)) assert.equal(statSync(join(dir, name)).mode & 0o077, 0, name);
  assert.deepEqual(readdirSync(join(dir, '..')), ['root'], 'nothing is left beside it');
});

test('root init never overwrites', async (t) => {
  const dir = await newFolder(t);
  await root('init', dir, '--tenant', 'acme');
  const before = filesOf(dir).map((name) => [name, statSync(join(dir, name)).ino]);
  await refused(/^\/.* isn’t empty\. Keys there are never overwritten/u, 'init', dir, '--tenant', 'acme');
  rmSync(join(dir, 'pins.json'));
  await refused(/isn’t empty/u, 'init', dir, '--tenant', 'acme');
  assert.deepEqual(
    filesOf(dir).map((name) => [name, statSync(join(dir, name)).ino]),
    before.filter(([name]) => name !== 'pins.json'),
  );
});

test('root init refuses open folders, thresholds that cannot be met, and tenants that are none', async (t) => {
  const dir = await newFolder(t);
  await refused(/threshold has to be between 1 and .* 2\. It is 3/u, 'init', dir, '--tenant', 'acme', '--keys', '2', '--threshold', '3');
  await refused(/threshold has to be between 1/u, 'init', dir, '--tenant', 'acme', '--threshold', '0');
  await refused(/--keys takes a number from 1 to 20/u, 'init', dir, '--tenant', 'acme', '--keys', '21');
  await refused(/--tenant/u, 'init', dir, '--tenant', 'no id');
  mkdirSync(dir, { recursive: true });
  chmodSync(dir, 0o755);
  await refused(/is open to others \(mode 755\)/u, 'init', dir, '--tenant', 'acme');
  assert.deepEqual(readdirSync(dir), []);
});

test('root show refuses a bundle that its root keys have not signed, and a folder without one', async (t) => {
  const dir = await newFolder(t);
  await root('init', dir, '--tenant', 'acme');
  const file = join(dir, 'bundles', 'root.1.json');
  const { payload, signatures } = v.parse(
    v.object({ payload: v.string(), signatures: v.array(v.object({ protected: v.string(), signature: v.string() })) }),
    JSON.parse(readFileSync(file, 'utf8')),
  );
  writeFileSync(file, JSON.stringify({ payload, signatures: signatures.slice(0, 1) }));
  await refused(/not-signed-by-new/u, 'show', dir);
  await refused(/There is no root bundle/u, 'show', join(dir, 'offline'));
});

test('root rotate with too few root keys, or a key that is still needed, is refused in words', async (t) => {
  const dir = await newFolder(t);
  const { roles } = await root('init', dir, '--tenant', 'acme');
  await refused(/The role trust uses the key .* Make a new one first, with --role/u, 'rotate', dir, '--retire', `${roles.trust[0]}`);
  await refused(/No role has a key nobody/u, 'rotate', dir, '--retire', 'nobody');
  await refused(/--role takes trust, issuer, revoker, not "king"/u, 'rotate', dir, '--role', 'king');
  renameSync(join(dir, 'offline'), join(dir, '..', 'safe'));
  await refused(/2 of the 3 root keys have to sign, and .*offline holds 0\. Carry more/u, 'rotate', dir);
  await refused(/Hold the ceremony first/u, 'rotate', join(dir, 'nothing'));
  assert.deepEqual(readdirSync(join(dir, 'bundles')), ['root.1.json']);
});

test('root rotate is picked up by a running root of trust and by its components', async (t) => {
  const running = await startRoot(t);
  const component = await running.component('broker', 'broker-1');
  const first = await root('show', running.dir);
  const second = await root('rotate', running.dir, '--root-keys', '--role', 'trust', 'revoker', 'issuer');
  assert.equal(second.version, 2);
  assert.deepEqual(second.roles.trust.slice(1), first.roles.trust);
  assert.equal(second.rootKeys.filter((key) => first.rootKeys.includes(key)).length, 0);
  assert.equal(readdirSync(join(running.dir, 'offline')).length, 3);
  // The directory is the same for a second; enrolling somebody makes it new.
  await running.component('gateway', 'gateway-1');
  await component.refresh();
  assert.equal(component.trust().bundle.version, 2);

  const third = await root('rotate', running.dir, '--retire', ...first.roles.trust, ...first.roles.issuer);
  assert.deepEqual(third.roles.trust, second.roles.trust.slice(0, 1));
  await running.component('gateway', 'gateway-2');
  await component.refresh();
  assert.equal(component.trust().bundle.version, 3);
  const { stdout } = await holdfast(['root', 'show', running.dir]);
  assert.match(stdout, new RegExp(`^version +3$[\\s\\S]*^root pin +${third.rootPin}$`, 'mu'));
});
