/** `POST /api/v1/devices` in a whole cloud, where a person may have three devices. */
import assert from 'node:assert/strict';
import test from 'node:test';
import * as v from 'valibot';
import { readJws } from '#core/trust/jws';
import { TYP } from '#protocol/jose';
import { LIMITS } from '#protocol/limits';
import { parseJson } from '#protocol/parse';
import { PortalSession } from '#protocol/workspace-api';
import { nodeCrypto } from '#runtime/jose/primitives';
import { newDevice } from '../../device.ts';
import { signIn } from '../../person.ts';
import { MARA, PASSWORD, startWholeCloud } from '../../whole-cloud.ts';

test('a person’s fourth device is refused with the limit, a known one never, and the portal is told of the new ones', async (t) => {
  const cloud = await startWholeCloud(t);
  const person = await signIn(t, cloud, MARA, PASSWORD);
  const { deviceNonce } = person.session;
  const register = (device: ReturnType<typeof newDevice>, change: object = {}) =>
    person.post('/api/v1/devices', { ...device.deviceRequest(cloud.origin, deviceNonce), ...change });
  const devices = [newDevice(), newDevice(), newDevice()];
  for (const device of devices) assert.equal((await register(device)).status, 200);
  const fourth = await register(newDevice());
  assert.equal(fourth.status, 429);
  const { error } = JSON.parse(fourth.text);
  assert.deepEqual([error.code, error.reason, error.params, error.retryable], ['too_many', 'person-devices', { limit: 3 }, false]);
  const [first] = devices;
  assert.ok(first);
  assert.equal((await register(first)).status, 200, 'a known one, again');

  const session = parseJson(PortalSession, (await person.get('/api/v1/session')).text, LIMITS.requestBodyBytes);
  assert.deepEqual(session.newDevices.map(({ jkt }) => jkt).toSorted(), devices.map(({ jkt }) => jkt).toSorted());
  const other = await signIn(t, cloud, 'otto@test.localhost', 'another one');
  assert.deepEqual(other.session.newDevices, [], 'nobody else’s');
});

test('B-L9f a claim of a hardware key is in no token and no lease: nothing that decides can take it for true', async (t) => {
  const cloud = await startWholeCloud(t);
  const person = await signIn(t, cloud, MARA, PASSWORD);
  const device = newDevice();
  const request = { ...device.deviceRequest(cloud.origin, person.session.deviceNonce), claimsHardware: true, hw: true };
  const { token } = JSON.parse((await person.post('/api/v1/devices', request)).text);
  const leases = (await person.sync(device.syncRequest(cloud.origin, token))).flatMap((line) => (line.type === 'lease' ? [line] : []));
  assert.ok(leases.length > 0);
  for (const { metadata } of leases) {
    const lease = readJws(nodeCrypto, device.unseal(metadata) ?? '', TYP.metadata, v.looseObject({ cnf: v.looseObject({}) }));
    assert.ok(lease.ok);
    assert.deepEqual(lease.value.unverified.cnf, { jkt: device.jkt }, 'all that it says of the device');
    assert.doesNotMatch(JSON.stringify(lease.value.unverified), /hardware|"hw"/iu);
  }
  const read = readJws(nodeCrypto, token, TYP.deviceToken, v.looseObject({}));
  assert.ok(read.ok);
  assert.deepEqual(Object.keys(read.value.unverified).toSorted(), ['aud', 'cnf', 'enc', 'exp', 'iat', 'tenant', 'user']);
});
