import assert from 'node:assert/strict';
import { createServer } from 'node:https';
import test from 'node:test';
import { request } from 'undici';
import { newTlsIdentity, spkiDigest } from '#runtime/tls/certificate';
import { pinnedAgent } from '#runtime/tls/pinned-agent';
import { newAuthority } from '../../authority.ts';
import { connectProxy } from '../../connect-proxy.ts';
import { patience } from '../../patience.ts';
import { refusedWith } from '../../refused-with.ts';

test('an HTTPS service on the usual port is dialled there, whether it is written or not', async (t) => {
  const agent = pinnedAgent({ accepts: () => false, stranger: 'pinned-key', connectTimeoutMs: 5_000 });
  t.after(() => agent.destroy());
  for (const url of ['https://127.86.75.30/', 'https://127.86.75.30:443/']) {
    const failed: unknown = await request(url, { dispatcher: agent }).catch((error: unknown) => error);
    // Nothing is there; if something were, it would have another key.
    const dialled = failed instanceof Error && 'port' in failed ? failed.port : undefined;
    const told = failed instanceof Error && 'params' in failed ? failed.params : undefined;
    assert.deepEqual(dialled ?? told, dialled === undefined ? { host: '127.86.75.30', port: 443 } : 443, String(failed));
  }
});

test('B-I5g a component is known by its key alone: no authority vouches for another, and no proxy is asked', async (t) => {
  const proxy = await connectProxy(t);
  const { HTTPS_PROXY } = process.env;
  process.env['HTTPS_PROXY'] = proxy.url;
  t.after(() => {
    if (HTTPS_PROXY === undefined) delete process.env['HTTPS_PROXY'];
    else process.env['HTTPS_PROXY'] = HTTPS_PROXY;
  });
  const authority = await newAuthority(t);
  const own = await newTlsIdentity('broker-1');
  const serve = async (identity: { readonly key: string; readonly cert: string }): Promise<string> => {
    const server = createServer(identity, (_request, response) => void response.end('it'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.after(() => {
      server.close();
      server.closeAllConnections();
    });
    const bound = server.address();
    return `https://127.0.0.1:${bound !== null && typeof bound === 'object' ? bound.port : 0}/`;
  };
  const accepts = (spki: string) => spki === spkiDigest(own.cert);
  const agent = pinnedAgent({ accepts, stranger: 'pinned-key', connectTimeoutMs: patience(5_000) });
  t.after(() => agent.destroy());
  assert.equal(await (await request(await serve(own), { dispatcher: agent })).body.text(), 'it');
  const vouchedFor = await serve(await authority.certify('127.0.0.1'));
  await assert.rejects(request(vouchedFor, { dispatcher: agent }), refusedWith('untrusted_peer'));
  assert.deepEqual(proxy.asked, []);
});
