import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import * as v from 'valibot';
import { CONTROL, PresentLease } from '#protocol/channel';
import { HoldfastError } from '#protocol/errors';
import { parse } from '#protocol/parse';
import { thumbprint } from '#runtime/jose/primitives';
import { passedOnLaunch } from '../../../../services/connector/handlers/passed-on-launch.ts';
import { refusedWith } from '../../../refused-with.ts';

const Captured = v.array(v.object({ message: v.looseObject({ type: v.string() }) }));
const captured = parse(Captured, JSON.parse(readFileSync(new URL('../../../captured/channel.json', import.meta.url), 'utf8')));
const request = parse(PresentLease, captured.find(({ message }) => message.type === 'present')?.message);
const GATEWAY = { id: 'gateway-1', address: { host: 'gateway-1.example.com', port: 443 } };
const RENDEZVOUS = '0'.repeat(32);

function passedOn(call: (method: string, params: unknown) => Promise<never>) {
  const registration = { id: 'host-1', address: GATEWAY.address, protocols: [], sessions: [], maxSessions: 1 };
  const brokered = { grant: request.proof, statement: request.proof, sessionHost: 'host-1' };
  const host = { registration, peer: { responsive: () => true, call } };
  return passedOnLaunch(async () => ({ brokered, host }), GATEWAY);
}

test('whatever address a gateway names, the session host meets the device where the site document says that this gateway is', async () => {
  const orders: unknown[] = [];
  const answer = passedOn((method, params) => {
    orders.push([method, params]);
    return Promise.reject(new HoldfastError('timeout'));
  });
  const elsewhere = { id: 'gateway-1', address: { host: 'intranet.example.com', port: 22 } };
  const said = parse(CONTROL.launch.params, { request, jkt: thumbprint(request.key), gateway: elsewhere, rendezvous: RENDEZVOUS });
  await assert.rejects(answer(said), refusedWith(3021));
  assert.deepEqual(orders, [['meet', { gateway: GATEWAY, rendezvous: RENDEZVOUS, correlationId: request.correlationId }]]);
});

test('a session host that is silent has no decision; its own refusal, and a bug, stay what they are', async () => {
  const bug = new TypeError('of undefined');
  const said = parse(CONTROL.launch.params, { request, jkt: thumbprint(request.key), gateway: GATEWAY, rendezvous: RENDEZVOUS });
  const meeting = (thrown: Error) => passedOn(() => Promise.reject(thrown))(said);
  for (const silence of ['timeout', 'unavailable'] as const) await assert.rejects(meeting(new HoldfastError(silence)), refusedWith(3021));
  await assert.rejects(meeting(new HoldfastError('too_many', { reason: 'meetings' })), refusedWith('too_many'));
  await assert.rejects(meeting(bug), (thrown) => thrown === bug);
});
