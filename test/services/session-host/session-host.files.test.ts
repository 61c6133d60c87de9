import assert from 'node:assert/strict';
import { join } from 'node:path';
import test from 'node:test';
import { parse } from '#protocol/parse';
import { SessionHostConfig } from '#protocol/service-config';
import { openMetrics } from '#runtime/metrics/metrics';
import { startSessionHost } from '../../../services/session-host/session-host.ts';
import { SILENT } from '../../log.ts';
import { refusedWith } from '../../refused-with.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const PIN = 'A'.repeat(43);

test('a file that is needed for sign-on only is missed when the service starts', async (t) => {
  const dataDir = await temporaryFolder(t);
  const gone = join(dataDir, 'gone');
  const account = { domain: 'a.example', template: '{upn.local}' };
  for (const server of [
    { protocol: 'ssh', signOn: { kind: 'certificate', account, caKey: gone } },
    { protocol: 'rdp', rdpCertificate: gone },
  ]) {
    const at = { host: '127.0.0.1', port: 1 };
    const config = parse(SessionHostConfig, {
      ...{ id: 'host', dataDir, listen: at, management: at, location: 'a', address: at, connectors: [{ id: 'c', address: at }] },
      rootOfTrust: { url: 'https://127.0.0.1:1', tlsPin: PIN, rootPin: PIN },
      servers: [{ ...server, target: at }],
    });
    const context = { signal: AbortSignal.abort(), log: SILENT, metrics: openMetrics(), nowMs: () => 0 };
    await assert.rejects(startSessionHost(config, context), refusedWith('bad_config', /gone is missing/u), server.protocol);
  }
});
