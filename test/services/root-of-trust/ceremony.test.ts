import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { acceptPinnedBundle } from '#core/trust/root-bundle';
import { readKey } from '#runtime/jose/key-file';
import { nodeCrypto, thumbprint } from '#runtime/jose/primitives';
import { publicHalf } from '#runtime/jose/sign';
import { holdCeremony } from '../../../services/root-of-trust/ceremony.ts';
import { readBundle } from '../../../services/root-of-trust/ceremony-folder.ts';
import { refusedWith } from '../../refused-with.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const DAY = 86_400;

test('the ceremony leaves its keys, each in its file, and the bundle that names them', async (t) => {
  const dir = join(await temporaryFolder(t), 'root');
  const { pins, roleKeys } = await holdCeremony({ dir, tenant: 'contoso', rootKeys: 4, threshold: 3 });
  const { signed } = await readBundle(roleKeys.bundles, 'root.1.json');
  const pinned = acceptPinnedBundle(nodeCrypto, signed, pins.rootPin);
  assert.ok(pinned.ok);
  const { bundle } = { bundle: pinned.value };
  assert.deepEqual([bundle.version, bundle.tenant, bundle.threshold, bundle.rootKeys.length], [1, 'contoso', 3, 4]);
  assert.equal(bundle.exp - bundle.iat, 730 * DAY);
  const offline = ['root-key.1.json', 'root-key.2.json', 'root-key.3.json', 'root-key.4.json'];
  assert.deepEqual((await readdir(join(dir, 'offline'))).sort(), offline);
  const kids = await Promise.all(offline.map(async (name) => thumbprint(publicHalf(await readKey(join(dir, 'offline', name))))));
  assert.deepEqual(kids, bundle.rootKeys.map(thumbprint));
  for (const role of ['trust', 'revoker', 'issuer'] as const)
    assert.deepEqual(bundle.roles[role], [publicHalf(await readKey(roleKeys[role]))], role);
});

test('a threshold is at least one key and at most all of them', async (t) => {
  const held = async (threshold: number) => holdCeremony({ dir: join(await temporaryFolder(t), 'root'), tenant: 'contoso', threshold });
  await assert.rejects(held(0), refusedWith('bad_request'));
  await assert.rejects(held(4), refusedWith('bad_request'));
  await held(1);
  await held(3);
});

test('a ceremony that fails leaves nothing behind', async (t) => {
  const folder = await temporaryFolder(t);
  await holdCeremony({ dir: join(folder, 'root'), tenant: 'contoso' });
  await assert.rejects(holdCeremony({ dir: join(folder, 'root'), tenant: 'contoso' }), refusedWith('bad_request'));
  await assert.rejects(holdCeremony({ dir: join(folder, 'other'), tenant: 'Not an id' }));
  assert.deepEqual(
    (await readdir(folder)).filter((name) => name !== 'other'),
    ['root'],
  );
});
