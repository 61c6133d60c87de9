import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { authoritiesWith } from '#runtime/tls/authorities';
import { newAuthority } from '../../authority.ts';
import { refusedWith } from '../../refused-with.ts';
import { temporaryFolder } from '../../services/temporary-folder.ts';

test('a file of authorities is added to the system’s; one that has none is refused by name', async (t) => {
  const { file } = await newAuthority(t);
  const system = authoritiesWith(undefined);
  assert.equal(authoritiesWith(file).length, system.length + 1);
  const bad = join(await temporaryFolder(t), 'bad.pem');
  for (const text of ['', 'no certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----']) {
    await writeFile(bad, text);
    assert.throws(() => authoritiesWith(bad), refusedWith('bad_config', /bad\.pem has no valid certificate in PEM/u));
  }
  assert.throws(() => authoritiesWith('/nowhere/ca.pem'), refusedWith('bad_config', /ca\.pem is missing/u));
});
