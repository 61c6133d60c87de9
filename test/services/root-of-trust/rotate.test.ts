import assert from 'node:assert/strict';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { acceptPinnedBundle } from '#core/trust/root-bundle';
import { follow, judgeStatement } from '#core/trust/trust';
import { HoldfastError } from '#protocol/errors';
import { nodeCrypto, thumbprint } from '#runtime/jose/primitives';
import { holdCeremony } from '../../../services/root-of-trust/ceremony.ts';
import { readBundle } from '../../../services/root-of-trust/ceremony-folder.ts';
import { rotate } from '../../../services/root-of-trust/rotate.ts';
import { refusedWith } from '../../refused-with.ts';
import { startRoot } from '../service-in-process.ts';
import { temporaryFolder } from '../temporary-folder.ts';

async function ceremony(t: import('node:test').TestContext) {
  const dir = join(await temporaryFolder(t), 'root');
  const { pins } = await holdCeremony({ dir, tenant: 'test' });
  const { signed } = await readBundle(join(dir, 'bundles'), 'root.1.json');
  const pinned = acceptPinnedBundle(nodeCrypto, signed, pins.rootPin);
  assert.ok(pinned.ok);
  return { dir, trust: { bundle: pinned.value, signedBundle: signed, history: [signed] } };
}

test('the ceremony makes a bundle that its pin vouches for, signed by two of three', async (t) => {
  const { trust } = await ceremony(t);
  assert.equal(trust.bundle.version, 1);
  assert.equal(trust.bundle.threshold, 2);
  assert.equal(trust.bundle.rootKeys.length, 3);
});

test('every private file of the ceremony is for its owner alone, and a second ceremony replaces nothing', async (t) => {
  const { dir } = await ceremony(t);
  const { stat } = await import('node:fs/promises');
  for (const name of ['trust.json', 'issuer.json', 'revoker.json', 'offline/root-key.1.json', 'own/keys.json']) {
    assert.equal((await stat(join(dir, name))).mode & 0o077, 0, name);
  }
  const before = await readFile(join(dir, 'trust.json'), 'utf8');
  await assert.rejects(holdCeremony({ dir, tenant: 'test' }), refusedWith('bad_request'));
  assert.equal(await readFile(join(dir, 'trust.json'), 'utf8'), before);
});

test('root keys and role keys rotate, and whoever holds version N hears of N+1', async (t) => {
  const { dir, trust } = await ceremony(t);
  const [oldIssuer] = trust.bundle.roles.issuer;
  assert.ok(oldIssuer);
  await rotate({ dir, rootKeys: true, roles: ['issuer', 'trust'] });
  const second = await readBundle(join(dir, 'bundles'), 'root.2.json');
  const after = follow(nodeCrypto, trust, [second.signed]);
  assert.equal(after.bundle.version, 2);
  assert.equal(after.bundle.roles.issuer.length, 2, 'what the old key signed stays good');
  assert.notDeepEqual(after.bundle.rootKeys, trust.bundle.rootKeys);

  await rotate({ dir, retire: [thumbprint(oldIssuer)] });
  const third = await readBundle(join(dir, 'bundles'), 'root.3.json');
  assert.equal(follow(nodeCrypto, trust, [third.signed]), trust, 'one version at a time');
  const last = follow(nodeCrypto, trust, [second.signed, third.signed]);
  assert.equal(last.bundle.version, 3);
  assert.equal(last.bundle.roles.issuer.length, 1);
  assert.equal((await readdir(join(dir, 'offline'))).length, 3, 'replaced root keys are gone');
});

test('without two of the old root keys there is no next bundle', async (t) => {
  const { dir } = await ceremony(t);
  await rm(join(dir, 'offline', 'root-key.1.json'));
  await rm(join(dir, 'offline', 'root-key.2.json'));
  await assert.rejects(
    rotate({ dir }),
    (thrown) => thrown instanceof HoldfastError && /too-few-keys least=2 total=3 .*offline count=1$/u.test(thrown.message),
  );
  assert.deepEqual(await readdir(join(dir, 'bundles')), ['root.1.json']);
});

test('B-L6i keys rotate while everything runs: components hear of it, and get new statements when the trust key is retired', async (t) => {
  const root = await startRoot(t);
  const component = await root.component('broker', 'broker-1');
  const [oldTrust] = component.trust().bundle.roles.trust;
  assert.ok(oldTrust);
  const state = () => {
    const judged = judgeStatement(nodeCrypto, component.trust(), component.statement(), Math.floor(Date.now() / 1_000), {
      roles: ['broker'],
    });
    return `version ${component.trust().bundle.version}, statement ${judged.ok ? 'good' : judged.why}`;
  };
  /** the directory is the same for a second; enrolling somebody makes it new */
  const hearAgain = async (id: string) => {
    await root.component('gateway', id);
    await component.refresh();
  };
  await rotate({ dir: root.dir, roles: ['trust', 'revoker', 'issuer'] });
  await hearAgain('gateway-1');
  assert.equal(state(), 'version 2, statement good');
  await rotate({ dir: root.dir, retire: [thumbprint(oldTrust)] });
  await hearAgain('gateway-2');
  assert.equal(state(), 'version 3, statement good');
  assert.deepEqual(
    component
      .statements()
      .map(({ id }) => id)
      .sort(),
    ['gateway-2', 'root-of-trust'],
  );
  await hearAgain('gateway-3');
  assert.ok(component.statements().some(({ id }) => id === 'broker-1'));
});
