/** Sign-ins at a provider under a company's own authority, and behind its proxy. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { openProviderWeb, type ProviderWebOptions } from '../../../services/workspace/provider-web.ts';
import { newAuthority } from '../../authority.ts';
import { connectProxy } from '../../connect-proxy.ts';
import { refusedWith } from '../../refused-with.ts';
import { signInAt } from '../sign-in-at.ts';
import { standInProvider } from '../stand-in-provider.ts';

test('B-I3f, B-I5g a provider under a company’s own authority is trusted where the configuration names it, and else refused in words', async (t) => {
  const authority = await newAuthority(t);
  const provider = await standInProvider(t, { tls: await authority.certify('127.0.0.1') });
  const by = async (options: ProviderWebOptions) => {
    const web = openProviderWeb({ env: {}, ...options });
    t.after(() => web.close());
    return signInAt(provider, { web });
  };
  await assert.rejects(by({}), refusedWith('untrusted_peer', /certificate isn’t trusted \(\w+\)/u));
  assert.ok(await by({ caFile: authority.file }));
  const basic = Buffer.from(provider.asked.at(-1)?.authorization?.slice('Basic '.length) ?? '', 'base64').toString();
  assert.equal(basic, 'workspace:s3cr3t-of-the_portal.which*is%7Elong+enough');
  const elsewhere = await standInProvider(t, { tls: await authority.certify('login.test') });
  const web = openProviderWeb({ env: {}, caFile: authority.file });
  t.after(() => web.close());
  await assert.rejects(signInAt(elsewhere, { web }), refusedWith('untrusted_peer', /ERR_TLS_CERT_ALTNAME_INVALID/u));
});

test('B-I5g a provider that only the proxy reaches is asked through it, and its certificate is checked as ever', async (t) => {
  const authority = await newAuthority(t);
  const provider = await standInProvider(t, { name: 'login.test', tls: await authority.certify('login.test') });
  const proxy = await connectProxy(t);
  const by = async (env: Readonly<Record<string, string>>, caFile: string | undefined) => {
    const web = openProviderWeb({ env, caFile });
    t.after(() => web.close());
    return signInAt(provider, { web });
  };
  assert.ok(await by({ HTTPS_PROXY: proxy.url }, authority.file));
  assert.deepEqual([...new Set(proxy.asked)], [new URL(provider.issuer).host]);
  await assert.rejects(by({ HTTPS_PROXY: proxy.url }, undefined), refusedWith('untrusted_peer', /certificate/u));
  const before = proxy.asked.length;
  await assert.rejects(by({ HTTPS_PROXY: proxy.url, NO_PROXY: '.test' }, authority.file), refusedWith('unavailable'));
  assert.equal(proxy.asked.length, before);
});
