import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { attached, type Field, granted, HERE, listening, openField, presentLease, readAll } from '../whole-location.ts';

const hung = createServer((socket) => socket.on('error', () => {}));
let field: Field;
before(async () => {
  const { port } = await listening(hung);
  field = await openField({ broker: `https://${HERE}:${port}` });
  await field.settled();
});
after(async () => {
  await field.close();
  hung.close();
});

test('with a broker that hangs, the connector brokers by its own copy, and the session opens', async () => {
  for (const address of [field.gateway.address, field.connectors[0]?.address]) {
    assert.ok(address);
    const device = field.device();
    const channel = await field.open(address, { roles: ['gateway', 'connector'] });
    const grant = granted(await channel.present(presentLease(field, device, channel), 5_000));
    const { channel: session, answer } = await field.attach(device, grant, field.gateway.address);
    attached(answer);
    session.raw().end('still here');
    assert.equal((await readAll(session.raw())).toString(), 'still here');
  }
});

test('who is not entitled by the copy gets 3022, whatever the lease says', async () => {
  const device = field.device();
  const stranger = { subject: 'nobody-0123456789', name: 'Nobody', upn: 'nobody@contoso.example', groups: ['Staff'] };
  const lease = field.world.shownFiles(
    device,
    field.world.leaseFor(device, { locations: [field.location] }, field.now(), 86_400, stranger).files,
  );
  const channel = await field.open(field.gateway.address, { roles: ['gateway'] });
  const answer = await channel.present(presentLease(field, device, channel, lease), 5_000);
  assert.ok(answer.type === 'refusal');
  assert.deepEqual([answer.error.code, answer.retryable], [3022, false]);
});

test('a resource without a session host here is 3021, and another path may have it', async () => {
  const device = field.device();
  const resource = { feed: 'apps', id: 'elsewhere', name: 'Elsewhere', kind: 'app', protocol: 'rdp' } as const;
  const lease = field.world.shownFiles(device, field.world.leaseFor(device, { locations: [field.location], resource }).files);
  const channel = await field.open(field.gateway.address, { roles: ['gateway'] });
  const answer = await channel.present(presentLease(field, device, channel, lease), 5_000);
  assert.ok(answer.type === 'refusal');
  assert.deepEqual([answer.error.code, answer.retryable], [3021, true]);
});
