import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import Fastify from 'fastify';
import * as v from 'valibot';
import { HoldfastError, toWireError } from '#protocol/errors';
import { RootOfTrustConfig } from '#protocol/service-config';
import { openAdministrators, readAdminToken } from '#runtime/http/admin-tokens';
import { readYamlFile } from '#runtime/service/yaml-file';
import { refusedWith } from '../../refused-with.ts';
import { temporaryFolder } from '../../services/temporary-folder.ts';

const TOKEN = 'the-administrators-token';

const told = (thrown: unknown) =>
  thrown instanceof HoldfastError &&
  thrown.code === 'bad_config' &&
  /(?:admin-token|field=adminToken\.value) least=20$/u.test(thrown.message);

test('B-S5a an administrator’s token is refused when it is short, in the configuration and in its file', async (t) => {
  const folder = await temporaryFolder(t);
  const schema = v.pick(RootOfTrustConfig, ['adminToken']);
  const configured = async (token: string) => {
    await writeFile(join(folder, 'config.yaml'), `adminToken: { value: ${token} }\n`);
    return readYamlFile(schema, join(folder, 'config.yaml')).value.adminToken;
  };
  await assert.rejects(configured('x'), told);
  await assert.rejects(configured(TOKEN.slice(0, 19)), told);
  assert.equal(readAdminToken(await configured(TOKEN.slice(0, 20))), TOKEN.slice(0, 20));
  assert.equal(readAdminToken(await configured(TOKEN)), TOKEN);
  assert.throws(() => readAdminToken({ value: 'abcabc'.repeat(5) }), refusedWith('bad_config', /can be guessed/u));
  const file = join(folder, 'token');
  await writeFile(file, 'short\n');
  assert.throws(() => readAdminToken({ file }), told);
});

test('B-S5b who guesses an administrator’s token is slowed down, and nobody elsewhere is', async (t) => {
  let now = 0;
  const { check } = openAdministrators([{ name: 'ada', token: { value: TOKEN } }], () => now);
  const server = Fastify();
  t.after(() => server.close());
  server.setErrorHandler((thrown, _request, reply) => reply.code(403).send(toWireError(thrown).code));
  server.get('/', { onRequest: async (request) => check(request) }, () => 'in');
  const ask = async (remoteAddress: string, token: string) =>
    (await server.inject({ url: '/', remoteAddress, headers: { authorization: `Bearer ${token}` } })).body;
  for (let guess = 0; guess < 10; guess++) assert.equal(await ask('192.0.2.1', `guess ${guess}`), 'untrusted_peer');
  assert.equal(await ask('192.0.2.1', 'one more'), 'too_many');
  assert.equal(await ask('192.0.2.1', TOKEN), 'too_many', 'a hit would tell the guesser');
  assert.equal(await ask('192.0.2.2', TOKEN), 'in');
  now += 9_999;
  assert.equal(await ask('192.0.2.1', TOKEN), 'too_many');
  now += 1;
  assert.equal(await ask('192.0.2.1', 'one try'), 'untrusted_peer');
  assert.equal(await ask('192.0.2.1', TOKEN), 'too_many');
  now += 10_000;
  assert.equal(await ask('192.0.2.1', TOKEN), 'in');
});
