import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import * as v from 'valibot';
import { HoldfastError } from '#protocol/errors';
import { RootOfTrustConfig } from '#protocol/service-config';
import { readAdminToken } from '#runtime/http/admin-tokens';
import { readYamlFile } from '#runtime/service/yaml-file';
import { temporaryFolder } from '../../services/temporary-folder.ts';

const told = (thrown: unknown) =>
  thrown instanceof HoldfastError &&
  thrown.code === 'bad_config' &&
  /(?:admin-token|field=adminToken\.value) least=20$/u.test(thrown.message);

test('an administrator’s token is refused when it is short, in the configuration and in its file', async (t) => {
  const folder = await temporaryFolder(t);
  const schema = v.pick(RootOfTrustConfig, ['adminToken']);
  const configured = async (token: string) => {
    await writeFile(join(folder, 'config.yaml'), `adminToken: { value: ${token} }\n`);
    return readYamlFile(schema, join(folder, 'config.yaml')).value.adminToken;
  };
  await assert.rejects(configured('x'), told);
  assert.equal(readAdminToken(await configured('x'.repeat(20))), 'x'.repeat(20));
  const file = join(folder, 'token');
  await writeFile(file, 'short\n');
  assert.throws(() => readAdminToken({ file }), told);
});
