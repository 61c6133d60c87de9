import assert from 'node:assert/strict';
import { getEventListeners, once } from 'node:events';
import { createServer } from 'node:http';
import test from 'node:test';
import { openIdentityProbe } from '../../../services/workspace/identity-probe.ts';
import { openProviderWeb } from '../../../services/workspace/provider-web.ts';
import { SILENT } from '../../log.ts';

test('the identity provider is down after two failures in a row, and up again with its first answer', async (t) => {
  const answers = [200, 500, 200, 500, 500, 200];
  const seen: string[] = [];
  const server = createServer(({ url }, response) => {
    // Whatever else is at that address says nothing of the provider.
    if (url !== '/realms/main/.well-known/openid-configuration') return void response.writeHead(503).end();
    // What the probe thought when it asked again: the outcome of every answer before.
    seen.push(probe.state().state);
    response.writeHead(answers.shift() ?? 200).end();
    if (seen.length === 8) server.emit('enough');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  const ending = new AbortController();
  const issuer = `http://127.0.0.1:${bound !== null && typeof bound === 'object' ? bound.port : 0}/realms/main`;
  const probe = openIdentityProbe(issuer, { web: openProviderWeb(), now: () => 1, signal: ending.signal, log: SILENT, everyMs: 1 });
  t.after(() => {
    ending.abort();
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'enough');
  assert.deepEqual(seen.slice(0, 7), ['unknown', 'up', 'up', 'up', 'up', 'down', 'up']);
  // At most the pause between two probes listens for the end.
  assert.ok(getEventListeners(ending.signal, 'abort').length <= 1);
});
