import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { refusedWith } from '../../refused-with.ts';
import { OWNER, openDevice, type TestDevice } from '../device.ts';

let device: TestDevice;
beforeEach(async () => {
  await device?.end();
  device = await openDevice();
});
after(() => device.end());

/** No lease is held, so each fails soon. */
const start = (correlationId: string) =>
  device.host.launches.start({ owner: OWNER, resource: { feed: 'apps', id: 'ledger' }, correlationId });

async function startAndEnd(times: number, name: string): Promise<void> {
  for (let n = 0; n < times; n += 1) await start(`${name}${String(n).padStart(4, '0')}`).ended;
}

test('thirty launches a minute are more than a person clicks; the next one waits until the first is a minute old', async () => {
  await startAndEnd(1, 'aaaa');
  device.clock.ms += 1_000;
  await startAndEnd(29, 'bbbb');
  assert.throws(() => start('cccc0001'), refusedWith('too_many'));
  device.clock.ms += 58_999;
  assert.throws(() => start('cccc0002'), refusedWith('too_many'));
  device.clock.ms += 1;
  await startAndEnd(1, 'dddd');
  assert.throws(() => start('cccc0003'), refusedWith('too_many'));
});

test('a launch that is under way is not started once more, and one that has ended may be', async () => {
  const begun = start('aaaa0001');
  assert.throws(() => start('aaaa0001'), refusedWith('conflict'));
  await begun.ended;
  await start('aaaa0001').ended;
});

test('a launch is cancelled for the person who started it, and for nobody else', async () => {
  const begun = start('aaaa0001');
  const { launches } = device.host;
  assert.equal(launches.cancel({ ...OWNER, subject: 'somebody-else-1' }, 'aaaa0001'), false);
  assert.equal(launches.cancel({ ...OWNER, workspace: 'https://other.test' }, 'aaaa0001'), false);
  assert.equal(launches.cancel(OWNER, 'aaaa0002'), false);
  assert.equal(launches.cancel(OWNER, 'aaaa0001'), true);
  const report = await begun.outcome;
  assert.equal(report.as === 'failed' && report.code, 3024);
  await begun.ended;
  assert.equal(launches.cancel(OWNER, 'aaaa0001'), false, 'it is over');
});
