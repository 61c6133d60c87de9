import assert from 'node:assert/strict';
import test from 'node:test';
import * as client from 'openid-client';
import { type ClientAuthOptions, clientAuth } from '../../../../services/workspace/sign-in/client-auth.ts';

const ID = '0oa1AbCdEf.portal-of:the company';
const SECRET = 's3cr3t-of-the_portal.*~%+';

function sentTo(supported: readonly string[] | undefined, change: Partial<ClientAuthOptions> = {}) {
  const [body, headers] = [new URLSearchParams(), new Headers()];
  const server = {
    issuer: 'https://login.test',
    ...(supported !== undefined && { token_endpoint_auth_methods_supported: [...supported] }),
  };
  clientAuth({ client, secret: SECRET, method: undefined, plain: false, ...change })(server, { client_id: ID }, body, headers);
  const given = headers.get('authorization')?.slice('Basic '.length);
  return { basic: given && Buffer.from(given, 'base64').toString(), body: Object.fromEntries(body) };
}

test('the client’s id and secret are encoded as browsers encode a form: what providers compare undecoded stays as it is', () => {
  const { basic, body } = sentTo(undefined);
  assert.equal(basic, '0oa1AbCdEf.portal-of%3Athe+company:s3cr3t-of-the_portal.*%7E%25%2B');
  assert.deepEqual(body, {});
});

test('the client proves itself as the provider takes it, or as the configuration says', () => {
  assert.notEqual(sentTo(['client_secret_post', 'client_secret_basic']).basic, undefined, 'what the standard has everybody take');
  assert.deepEqual(sentTo(['client_secret_post', 'private_key_jwt']), { basic: undefined, body: { client_id: ID, client_secret: SECRET } });
  assert.equal(sentTo(undefined, { method: 'client_secret_post' }).body['client_secret'], SECRET);
});

test('B-I5c over plain HTTP it only signs, whatever is said', () => {
  for (const method of [undefined, 'client_secret_basic', 'client_secret_post'] as const) {
    const { basic, body } = sentTo(['client_secret_post'], { plain: true, method });
    assert.deepEqual([basic, body['client_secret']], [undefined, undefined]);
  }
});
