/** What one device and one person may ask of gateway, connector and session host, where others go on. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { ServerAnswer } from '#protocol/channel';
import { fromWireError } from '#protocol/errors';
import { TYP } from '#protocol/jose';
import type { User } from '#protocol/primitives';
import { refusedWith } from '../refused-with.ts';
import { grantClaims, MARA } from '../vectors/world.ts';
import { type Device, type Field, granted, openField, presentLease, presentReach, proofOn } from './whole-location.ts';

const clock = { ms: 0 };
const OTTO: User = { ...MARA, subject: 'otto-0123456789', name: 'Otto Frei', upn: 'otto.frei@contoso.example' };
const DEADLINE_MS = 5_000;
let field: Field;
before(async () => {
  field = await openField({
    nowMs: () => clock.ms,
    change: (site) => ({
      ...site,
      resources: site.resources.map((one) => ({ ...one, entitled: { users: [MARA.upn, OTTO.upn], groups: [] } })),
    }),
  });
  await field.settled();
});
after(() => field.close());

const connector = () => field.connectors[0] ?? assert.fail();
const refused = (answer: ServerAnswer) => (answer.type === 'refusal' ? fromWireError(answer.error) : assert.fail(answer.type));
const isTooOften = refusedWith('too_many', /^Too many requests\. Wait a moment, then try again\.$/u);

/** One present of a device, which is not refused before it is counted. */
const PRESENT: Readonly<Record<string, (device: Device) => Promise<ServerAnswer>>> = {
  gateway: async (device) => {
    const channel = await field.open(field.gateway.address, { roles: ['gateway'] });
    return channel.present(presentReach(field, device, channel), DEADLINE_MS);
  },
  connector: async (device) => {
    const channel = await field.open(connector().address, { roles: ['connector'] });
    return channel.present(presentReach(field, device, channel), DEADLINE_MS);
  },
  'session host': async (device) => {
    const { component } = connector();
    const grant = component.signer.sign(TYP.grant, grantClaims(device, { aud: 'another', iat: field.now(), exp: field.now() + 60 }));
    const channel = await field.open(field.host.address, { roles: ['session-host'] });
    const proof = proofOn(channel, device, 'attach', grant, field.now());
    const shown = { key: device.signer.publicKey, proof, grant, statement: component.statement() };
    return channel.present({ type: 'present', op: 'attach', correlationId: '7f3a91c2', ...shown }, DEADLINE_MS);
  },
};

describe('B-S4b, B-S4c a device has a share of presents', () => {
  for (const [name, present] of Object.entries(PRESENT)) {
    test(`a device that presents too often at a ${name} is told to wait; another of its person is heard, and its share comes back with time`, async () => {
      const [device, other] = [field.device(), field.device()];
      const isTold = async (of = device) => {
        const answer = await present(of);
        return answer.type === 'refusal' && isTooOften(fromWireError(answer.error));
      };
      for (let n = 0; n < 60; n++) assert.equal(await isTold(), false);
      assert.equal(await isTold(), true);
      assert.equal(await isTold(other), false);
      clock.ms += 499;
      assert.equal(await isTold(), true);
      clock.ms += 1;
      assert.equal(await isTold(), false);
      assert.equal(await isTold(), true);
    });
  }
});

async function launch(device: Device, user: User): Promise<ServerAnswer> {
  const channel = await field.open(connector().address, { roles: ['connector'] });
  const { files } = field.world.leaseFor(device, { locations: [field.location] }, undefined, undefined, user);
  return channel.present(presentLease(field, device, channel, field.world.shownFiles(device, files)), DEADLINE_MS);
}

test('a person who launches too often at a connector is told so, on any device; another person launches, and the share comes back with time', async () => {
  const [device, second] = [field.device(), field.device()];
  const isTold = refusedWith('too_many', /This person or this device opens too much in a short time\. Wait a moment, then try again\.$/u);
  for (let n = 0; n < 30; n++) granted(await launch(n % 2 === 0 ? device : second, MARA));
  for (const one of [device, second]) assert.ok(isTold(refused(await launch(one, MARA))));
  granted(await launch(field.device(), OTTO));
  clock.ms += 999;
  assert.ok(isTold(refused(await launch(device, MARA))));
  clock.ms += 1;
  granted(await launch(device, MARA));
  assert.ok(isTold(refused(await launch(device, MARA))));
});
