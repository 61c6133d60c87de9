import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { stringify } from 'yaml';
import { listDevices } from '../../../services/workspace/recorded-devices.ts';
import { recordDevices } from '../recorded-devices.ts';
import { temporaryFolder } from '../temporary-folder.ts';

test('the record is found beside its configuration, and the process stays where it is', async (t) => {
  const folder = await temporaryFolder(t);
  const place = { url: 'https://127.0.0.1:1', tlsPin: 'A'.repeat(43), rootPin: 'A'.repeat(43) };
  const listen = { host: '127.0.0.1', port: 1 };
  const config = {
    id: 'workspace',
    dataDir: '.',
    listen,
    management: listen,
    rootOfTrust: place,
    publicUrl: 'http://workspace.localhost:1',
    database: { kind: 'sqlite', file: 'workspace.sqlite' },
    portal: '.',
    signIn: { issuer: 'http://identity.localhost:1', clientId: 'workspace', clientSecret: { value: 'the-clients-secret' } },
    broker: place.url,
    tickets: place.url,
    leaseIssuer: place.url,
  };
  writeFileSync(join(folder, 'workspace.yaml'), stringify(config));
  const device = { subject: 'mara-0123456789', upn: 'mara@test.localhost', jkt: 'A'.repeat(43), claimsHardware: true, firstSeen: 0 };
  await recordDevices({ kind: 'sqlite', file: join(folder, 'workspace.sqlite') }, [device]);
  const before = process.cwd();
  assert.deepEqual(
    (await listDevices(join(folder, 'workspace.yaml'), undefined)).map(({ jkt }) => jkt),
    [device.jkt],
  );
  assert.equal(process.cwd(), before);
});
