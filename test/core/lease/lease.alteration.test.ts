import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import { judgeHeldLease } from '../../../core/lease/judge-held.ts';
import { judgeLease } from '../../../core/lease/judge-lease.ts';
import { openLease } from '../../../core/lease/open-lease.ts';
import { nodeCrypto } from '../../../runtime/jose/primitives.ts';
import { DAY, MARA, NOW, newDevice, newWorld, WORKSPACE } from '../../vectors/world.ts';

const world = newWorld();
const device = newDevice();
const owner = { workspace: WORKSPACE, subject: MARA.subject, jkt: device.jkt };
const { files } = world.leaseFor(device);
const shown = world.shownFiles(device, files);
const trust = world.trustWith();
const held = (change: Partial<typeof files>, whose = owner, unseal = device.unseal) =>
  judgeHeldLease(nodeCrypto, trust, unseal, { ...files, ...change }, whose, NOW);
const atConnector = (change: Partial<typeof shown>, location = 'zurich', now = NOW, known = trust) => {
  const show = { files: { ...shown, ...change }, jkt: device.jkt, location };
  const redeemed = judgeLease(nodeCrypto, known, show, now);
  return redeemed.ok
    ? openLease(nodeCrypto, known, world.keyRing(location === 'bern' ? 'bern' : 'zurich'), show, redeemed.value, now)
    : redeemed;
};

/** Every byte of the text, one after the other, as another character of its alphabet. */
function* eachByteChanged(text: string): Generator<string> {
  for (let at = 0; at < text.length; at++) yield text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
}

describe('B-L4b any change is detected', () => {
  test('an unchanged lease is good on the device and at both of its locations', () => {
    assert.ok(held({}).ok);
    for (const location of ['zurich', 'bern']) {
      const opened = atConnector({}, location);
      assert.ok(opened.ok);
      assert.equal(opened.value.common.user.upn, MARA.upn);
      assert.equal(opened.value.details.location, location);
    }
  });

  test('every byte of the metadata file is guarded: the device finds 3002 or 3007', () => {
    for (const metadata of eachByteChanged(files.metadata)) {
      const verdict = held({ metadata });
      assert.ok(!verdict.ok && (verdict.why === 3002 || verdict.why === 3007));
    }
  });

  for (const file of ['common', 'location'] as const) {
    test(`every byte of the ${file} file is guarded: 3007 on the device and at the site`, () => {
      for (const changed of eachByteChanged(files[file])) {
        const onDevice = held({ [file]: changed });
        const atSite = atConnector({ [file]: changed });
        assert.ok(!onDevice.ok && onDevice.why === 3007);
        assert.ok(!atSite.ok && atSite.why === 3007);
      }
    });
  }

  test('every byte of the metadata that is shown is guarded at the site', () => {
    // The signature is the dearest question and comes last: an altered claim may meet a cheaper one first (time, site, device).
    const codes = new Set([3006, 3007, 3020, 3021]);
    for (const metadata of eachByteChanged(shown.metadata)) {
      const verdict = atConnector({ metadata });
      assert.ok(!verdict.ok && codes.has(verdict.why));
    }
  });

  test('B-L4c files of another person, device, resource or generation are not taken', () => {
    const strangers = {
      person: world.leaseFor(device, {}, NOW, 7 * DAY, { ...MARA, subject: 'john-0123456789' }).files,
      resource: world.leaseFor(device, {
        resource: { feed: 'apps', id: 'mail', name: 'Mail', kind: 'app', protocol: 'rdp' },
        deliveryGroup: 'mail',
      }).files,
      generation: world.leaseFor(device, {}, NOW - DAY).files,
      device: world.leaseFor(newDevice()).files,
    };
    for (const [kind, foreign] of Object.entries(strangers)) {
      for (const file of ['common', 'location'] as const) {
        const verdict = held({ [file]: foreign[file] });
        assert.ok(!verdict.ok && verdict.why === 3007, `${file} of another ${kind}`);
      }
    }
    const whole = held(strangers.person);
    assert.ok(!whole.ok && whole.why === 3007, 'a whole lease of another person on the same device');
  });
});

test('B-L4c, B-N2d a lease folder copied to another device cannot be read there', () => {
  const other = newDevice();
  const verdict = held({}, { ...owner, jkt: other.jkt }, other.unseal);
  assert.ok(!verdict.ok && verdict.why === 3002);
});

test('a person blocked through a group is refused by the site, which alone can read the groups', () => {
  const blocked = world.trustWith([
    { target: { kind: 'group', group: 'Finance' }, from: NOW - 60, until: NOW + DAY, forget: NOW + 31 * DAY },
  ]);
  const verdict = atConnector({}, 'zurich', NOW, blocked);
  assert.ok(!verdict.ok && verdict.why === 3022);
});

test('a location that the lease was not sealed to reads nothing', () => {
  const show = { files: shown, jkt: device.jkt, location: 'zurich' };
  const redeemed = judgeLease(nodeCrypto, trust, show, NOW);
  assert.ok(redeemed.ok);
  const verdict = openLease(nodeCrypto, trust, world.keyRing('bern'), show, redeemed.value, NOW);
  assert.ok(!verdict.ok && verdict.why === 3007, 'the Bern part names Bern, not Zurich');
});

test('the device calls a lease ended by its clock, and 3003 or 3004 when it is incomplete', () => {
  const at = (now: number, change = {}) =>
    judgeHeldLease(nodeCrypto, trust, device.unseal, world.leaseFor(device, change).files, owner, now);
  const codes = [
    at(NOW + 8 * DAY),
    at(NOW, { locations: [] }),
    at(NOW, { locations: world.leasable.locations.map((place) => ({ ...place, connectors: [], gateways: [] })) }),
  ];
  assert.deepEqual(
    codes.map((verdict) => (verdict.ok ? 'ok' : verdict.why)),
    [3006, 3003, 3004],
  );
});
