import assert from 'node:assert/strict';
import test from 'node:test';
import { request } from 'undici';
import { pinnedAgent } from '#runtime/tls/pinned-agent';

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
