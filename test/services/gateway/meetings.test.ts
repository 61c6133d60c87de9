import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openMetrics } from '#runtime/metrics/metrics';
import { openMeetings } from '../../../services/gateway/meetings.ts';
import { SILENT } from '../../log.ts';
import { refusedWith } from '../../refused-with.ts';
import { socketPair } from '../../runtime/channel/loopback.ts';
import { readAll } from '../whole-location.ts';

const meetings = () => openMeetings({ signal: new AbortController().signal, metrics: openMetrics(), log: SILENT });
const settled = () => {};
for (const first of ['device', 'session host']) {
  test(`whoever comes first waits: the ${first}`, async () => {
    const [device, host] = [await socketPair(), await socketPair()];
    const open = meetings();
    const id = open.open('7f3a91c2');
    device.near.end('from the device, sent before anybody was there');
    if (first === 'device') await open.arrive(id, { socket: device.far, source: '', settled });
    open.arriveAsHost(id, { host: 'zurich-host-1', socket: host.far, settled });
    open.name(id, 'zurich-host-1');
    if (first !== 'device') await open.arrive(id, { socket: device.far, source: '', settled });
    assert.equal((await readAll(host.near)).toString(), 'from the device, sent before anybody was there');
    device.close();
    host.close();
  });
}

describe('B-G4a a meeting is for one device and its session host, for seconds', () => {
  test('a session host that the grant does not name ends the meeting', async () => {
    const [device, host] = [await socketPair(), await socketPair()];
    const open = meetings();
    const id = open.open('7f3a91c2');
    assert.equal(open.expects(id, 'zurich-host-9'), true);
    open.arriveAsHost(id, { host: 'zurich-host-9', socket: host.far, settled });
    await open.arrive(id, { socket: device.far, source: '', settled });
    open.name(id, 'zurich-host-1');
    assert.equal(device.far.destroyed, true);
    assert.equal(host.far.destroyed, true);
    device.close();
    host.close();
  });

  test('a meeting has one device and one session host', async () => {
    const [one, two] = [await socketPair(), await socketPair()];
    const open = meetings();
    const id = open.open('7f3a91c2');
    await open.arrive(id, { socket: one.far, source: '', settled });
    await assert.rejects(open.arrive(id, { socket: two.far, source: '', settled }), refusedWith('not_found'));
    open.arriveAsHost(id, { host: 'zurich-host-1', socket: two.far, settled });
    assert.equal(open.expects(id, 'zurich-host-1'), false);
    assert.throws(() => open.arriveAsHost(id, { host: 'zurich-host-1', socket: two.far, settled }), refusedWith('not_found'));
    open.close();
    assert.equal(one.far.destroyed, true);
    one.close();
    two.close();
  });

  test('a meeting that one of them left is over', async () => {
    const [one, two] = [await socketPair(), await socketPair()];
    const open = meetings();
    const id = open.open('7f3a91c2');
    await open.arrive(id, { socket: one.far, source: '', settled });
    const left = new Promise((resolve) => one.far.once('close', resolve));
    one.far.destroy();
    await left;
    await assert.rejects(open.arrive(id, { socket: two.far, source: '', settled }), refusedWith('not_found'));
    assert.throws(() => open.name(id, 'zurich-host-1'), refusedWith(3023));
    one.close();
    two.close();
  });

  test('after 10 s nobody is waited for', async (t) => {
    const one = await socketPair();
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const open = meetings();
    const id = open.open('7f3a91c2');
    await open.arrive(id, { socket: one.far, source: '', settled });
    t.mock.timers.tick(9_999);
    assert.equal(one.far.destroyed, false);
    t.mock.timers.tick(1);
    assert.equal(one.far.destroyed, true);
    one.close();
  });
});
