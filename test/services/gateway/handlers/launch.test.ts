import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { after, describe, test } from 'node:test';
import type { TLSSocket } from 'node:tls';
import type { Granted, PresentLease, PresentTicket, ServerAnswer } from '#protocol/channel';
import { HoldfastError } from '#protocol/errors';
import { TYP } from '#protocol/jose';
import type { ControlPeer } from '#runtime/channel/control';
import type { Frames } from '#runtime/channel/frames';
import type { ChannelIdentity } from '#runtime/channel/identity';
import { openMetrics } from '#runtime/metrics/metrics';
import { launchHandler } from '../../../../services/gateway/handlers/launch.ts';
import { openMeetings } from '../../../../services/gateway/meetings.ts';
import { SILENT } from '../../../log.ts';
import { refusedWith } from '../../../refused-with.ts';
import { NOW, newDevice, newWorld, ticketClaims } from '../../../vectors/world.ts';

const world = newWorld();
const device = newDevice();
const tickets = world.component('tickets', 'tickets-1');
const ending = new AbortController();
after(() => ending.abort());

type Asked = { readonly id: string; readonly params: unknown; readonly deadlineMs: number };
type Launched = Omit<Granted, 'meeting'>;
const GRANTED: Launched = { grant: 'a.b.c', statement: 'a.b.c', sessionHost: 'zurich-host-1' };

/** A gateway whose connectors do as they are told. */
function gateway(answer: () => Promise<Launched>, { location = 'zurich', probe = async () => {} } = {}) {
  const metrics = openMetrics();
  const asked: Asked[] = [];
  const meetings = openMeetings({ signal: ending.signal, metrics, log: SILENT });
  const peer = (id: string) =>
    ({
      statement: { role: 'connector', id, location },
      responsive: () => true,
      probe,
      call: async (_method: 'launch', params: unknown, deadlineMs: number) => {
        asked.push({ id, params, deadlineMs });
        return answer();
      },
    }) as unknown as ControlPeer;
  const launch = launchHandler({
    identity: { trust: () => world.trustWith() } as ChannelIdentity,
    mustHoldKey: () => device.jkt,
    connectors: { get: (id) => (id.startsWith('zurich-') ? peer(id) : undefined), all: () => [], accept: async () => {} },
    meetings,
    now: () => NOW,
    log: SILENT,
    linesOf: () => SILENT,
    metrics,
  });
  const presented = async (present: PresentLease | PresentTicket): Promise<ServerAnswer[]> => {
    const answers: ServerAnswer[] = [];
    const socket = Object.assign(new PassThrough(), { remoteAddress: '127.0.0.1' }) as unknown as TLSSocket;
    await launch({ present, nonce: '', ekm: '', socket, frames: {} as Frames, answer: (one) => void answers.push(one) });
    return answers;
  };
  const figure = async (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'mu').exec((await metrics.text()).body)?.[1] ?? Number.NaN);
  return { asked, meetings, presented, figure };
}

const common = {
  type: 'present' as const,
  op: 'launch' as const,
  correlationId: '7f3a91c2',
  key: device.signer.publicKey,
  proof: 'a.b.c',
  location: 'zurich',
  rootVersion: 1,
  listVersion: 1,
};
const byLease: PresentLease = { ...common, mode: 'lease', lease: world.shownFiles(device, world.leaseFor(device).files) };
const byTicket = (change: Parameters<typeof ticketClaims>[1] = {}): PresentTicket => ({
  ...common,
  mode: 'ticket',
  ticket: tickets.signer.sign(TYP.ticket, ticketClaims(device, change)),
  statement: tickets.statement,
});

describe('a launch at a gateway', () => {
  test('is brokered by the lease’s connector within four seconds, and leads to a meeting for the granted host', async () => {
    const { asked, meetings, presented, figure } = gateway(async () => GRANTED);
    const [grant] = await presented(byLease);
    assert.ok(grant?.type === 'grant' && grant.meeting.route === 'rendezvous');
    assert.deepEqual([grant.grant, grant.sessionHost], ['a.b.c', 'zurich-host-1']);
    const { id } = grant.meeting;
    assert.deepEqual([meetings.expects(id, 'zurich-host-1'), meetings.expects(id, 'zurich-host-2')], [true, false]);
    const { proof: _, ...request } = byLease;
    assert.deepEqual(asked, [{ id: 'zurich-connector-1', params: { request, jkt: device.jkt, rendezvous: id }, deadlineMs: 4_000 }]);
    assert.equal(await figure('holdfast_gateway_launches_total\\{mode="lease",outcome="granted"\\}'), 1);
    assert.equal(await figure('holdfast_gateway_meetings'), 1);
    meetings.close();
  });

  test('by ticket goes to the ticket’s redeemer only', async () => {
    const { asked, meetings, presented } = gateway(async () => GRANTED);
    await presented(byTicket({ aud: 'zurich-connector-7' }));
    assert.deepEqual(
      asked.map(({ id }) => id),
      ['zurich-connector-7'],
    );
    meetings.close();
    await assert.rejects(presented(byTicket({ aud: 'bern-connector-1' })), refusedWith(3021));
  });

  test('that is refused leaves no meeting behind, and the refusal is the connector’s', async () => {
    const { presented, figure } = gateway(() => Promise.reject(new HoldfastError(3022, { reason: 'not-entitled' })));
    await assert.rejects(presented(byLease), refusedWith(3022));
    assert.equal(await figure('holdfast_gateway_meetings'), 0);
    assert.equal(await figure('holdfast_gateway_launches_total\\{mode="lease",outcome="3022"\\}'), 1);
  });

  test('whose connector falls silent is refused for now: the device asks elsewhere', async () => {
    const { presented, figure } = gateway(() => Promise.reject(new HoldfastError('timeout')));
    await assert.rejects(presented(byLease), (thrown) => refusedWith(3021)(thrown) && thrown instanceof HoldfastError && thrown.retryable);
    assert.equal(await figure('holdfast_gateway_meetings'), 0);
  });

  test('waits for no connector that answers no ping, or is of another location', async () => {
    const silent = gateway(async () => GRANTED, { probe: () => Promise.reject(new HoldfastError('timeout')) });
    await assert.rejects(silent.presented(byLease), refusedWith(3021));
    const elsewhere = gateway(async () => GRANTED, { location: 'bern' });
    await assert.rejects(elsewhere.presented(byLease), refusedWith(3021));
    assert.deepEqual([silent.asked, elsewhere.asked], [[], []]);
  });

  test('by a lease or a ticket that is not good is brokered by nobody', async () => {
    const { asked, presented } = gateway(async () => GRANTED);
    await assert.rejects(presented({ ...byLease, location: 'geneva' }), refusedWith(3021));
    await assert.rejects(presented(byTicket({ iat: NOW - 91, exp: NOW - 1 })), refusedWith('ticket_expired'));
    await assert.rejects(presented(byTicket({ cnf: { jkt: newDevice().jkt } })), refusedWith(3020));
    assert.deepEqual(asked, []);
  });
});
