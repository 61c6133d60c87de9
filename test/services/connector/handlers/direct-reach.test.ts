import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Device, type Field, openField, presentReach } from '../../whole-location.ts';

let field: Field;
before(async () => {
  field = await openField();
  await field.settled();
});
after(() => field.close());

async function ask(device: Device, lease = field.lease(device)) {
  const [connector] = field.connectors;
  assert.ok(connector);
  const channel = await field.open(connector.address, { roles: ['connector'], id: connector.id });
  return channel.present(presentReach(field, device, channel, lease), 5_000);
}

test('a connector says of its own location how many session hosts answer there', async () => {
  const answer = await ask(field.device());
  assert.ok(answer.type === 'reached');
  assert.deepEqual(answer.locations, [{ location: 'zurich', sessionHosts: 1 }]);
});

test('a connector says what a launch by this very lease would be refused with', async () => {
  const device = field.device();
  const resource = { feed: 'apps', id: 'gone', name: 'Gone', kind: 'app', protocol: 'rdp' } as const;
  const lease = field.world.shownFiles(device, field.world.leaseFor(device, { locations: [field.location], resource }).files);
  const answer = await ask(device, lease);
  assert.ok(answer.type === 'reached');
  assert.deepEqual(answer.locations, [
    { location: 'zurich', sessionHosts: 1, refusal: { code: 3021, reason: 'not-published', retryable: true } },
  ]);
});

test('a connector tells nobody but the device of the lease', async () => {
  const [owner, thief] = [field.device(), field.device()];
  const answer = await ask(thief, field.lease(owner));
  assert.ok(answer.type === 'refusal');
  assert.equal(answer.error.code, 3020);
});
