/** `holdfast admin devices ...` against a Workspace's database and a running root of trust. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { stringify } from 'yaml';
import { recordDevices } from '../../../services/recorded-devices.ts';
import { ADMIN_TOKEN, startRoot } from '../../../services/service-in-process.ts';
import { temporaryFolder } from '../../../services/temporary-folder.ts';
import { holdfast } from '../../holdfast-command.ts';

const AT = Date.UTC(2026, 10, 20, 10, 42);
const MARA = { subject: 'mara-0123456789', upn: 'mara@test.localhost' };
const OTTO = { subject: 'otto-0123456789', upn: 'otto@test.localhost' };
const [HERS, HIS] = ['a'.repeat(42).concat('A'), 'b'.repeat(42).concat('A')];

test('B-L9a, B-L9b, B-L9e an administrator lists people’s devices, and removes one together with what its leases open', async (t) => {
  const { ref } = await startRoot(t);
  const folder = await temporaryFolder(t);
  const database = { kind: 'sqlite', file: 'workspace.sqlite' } as const;
  const listen = { host: '127.0.0.1', port: 1 };
  const config = join(folder, 'workspace.yaml');
  const origin = 'http://workspace.localhost:1';
  const signIn = { issuer: 'http://identity.localhost:1', clientId: 'workspace', clientSecret: { value: 'the-clients-secret' } };
  const services = { broker: ref.url, tickets: ref.url, leaseIssuer: ref.url };
  const whole = {
    id: 'workspace',
    dataDir: '.',
    listen,
    management: listen,
    rootOfTrust: ref,
    publicUrl: origin,
    database,
    portal: '.',
    signIn,
  };
  writeFileSync(config, stringify({ ...whole, ...services }));
  await recordDevices({ ...database, file: join(folder, database.file) }, [
    { ...MARA, jkt: HERS, claimsHardware: true, firstSeen: AT },
    { ...OTTO, jkt: HIS, claimsHardware: false, firstSeen: AT },
  ]);

  const server = ['--url', ref.url, '--tls-pin', ref.tlsPin];
  const env = { HOLDFAST_ADMIN_TOKEN: ADMIN_TOKEN };
  const list = async (...flags: readonly string[]) => (await holdfast(['admin', 'devices', 'list', '--config', config, ...flags])).stdout;
  const times = 'first 2026-11-20 10:42 UTC  last 2026-11-20 10:42 UTC';
  assert.equal(await list('--user', MARA.upn), `${HERS}  ${MARA.upn}  ${times}  says its key is in hardware\n`);
  assert.equal(await list('--user', ' Mara@TEST.localhost'), await list('--user', MARA.upn), 'in every spelling');
  assert.equal(await list('--user', OTTO.subject), `${HIS}  ${OTTO.upn}  ${times}\n`);

  const removed = await holdfast(['admin', 'devices', 'remove', HERS, '--config', config, ...server], { env });
  assert.equal(removed.status, 0, removed.stderr);
  assert.match(await list('--user', MARA.upn), /^No device of "mara@test\.localhost" is on record\. Check the name/u);
  assert.match((await holdfast(['admin', 'blocks', ...server], { env })).stdout, new RegExp(`device ${HERS}`, 'u'));
  const again = await holdfast(['admin', 'devices', 'remove', HERS, '--config', config, ...server], { env });
  assert.match(again.stderr, new RegExp(`No device ${HERS}\\.`, 'u'));
});
