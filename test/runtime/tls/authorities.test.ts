import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
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

test('B-I5g an authority that the system has counts without being named', async (t) => {
  const { file } = await newAuthority(t);
  const own = (await readFile(file, 'utf8')).replaceAll(/\s/gu, '');
  const module = JSON.stringify(new URL('../../../runtime/tls/authorities.ts', import.meta.url).href);
  const print = `import { authoritiesWith } from ${module}; console.log(JSON.stringify(authoritiesWith(undefined)));`;
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', print];
  const env = { ...process.env, SSL_CERT_FILE: file, SSL_CERT_DIR: dirname(file) };
  const found: string[] = JSON.parse(execFileSync(process.execPath, args, { env, encoding: 'utf8', maxBuffer: 1 << 24 }));
  assert.ok(found.some((pem) => pem.replaceAll(/\s/gu, '') === own));
});
