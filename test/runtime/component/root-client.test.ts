import assert from 'node:assert/strict';
import { createServer } from 'node:https';
import { test } from 'node:test';
import { LIMITS } from '#protocol/limits';
import { loadOrMakeKeys } from '#runtime/component/keys';
import { rootClient } from '#runtime/component/root-client';
import { mutualTls } from '#runtime/http/cloud-server';
import { newTlsIdentity, spkiDigest } from '#runtime/tls/certificate';
import { refusedWith } from '../../refused-with.ts';
import { temporaryFolder } from '../../services/temporary-folder.ts';

test('a reply may be as long as its call needs, and no longer', async (t) => {
  const identity = await newTlsIdentity('root-of-trust');
  const text = `{"x":"${'x'.repeat(LIMITS.replyBytes)}"}`;
  const server = createServer(mutualTls(identity), (_request, response) => response.end(text));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  const ref = {
    url: `https://127.0.0.1:${bound !== null && typeof bound === 'object' ? bound.port : 0}`,
    tlsPin: spkiDigest(identity.cert),
    rootPin: '',
  };
  const client = rootClient(ref, await loadOrMakeKeys(await temporaryFolder(t), 'gateway-1'), t.signal);
  t.after(async () => {
    await client.close();
    server.closeAllConnections();
    server.close();
  });
  await assert.rejects(client.report('a.b.c', {}), refusedWith('too_large'));
  // Read whole, and then found to be no directory.
  await assert.rejects(client.trust(0), refusedWith('unavailable'));
});
