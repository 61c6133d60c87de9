import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { type Candidate, candidatesFor } from '../../../core/placement/candidates.ts';
import type { Channel } from '../../../runtime/channel/client.ts';
import { type RaceOptions, raceChannels } from '../../../runtime/channel/race.ts';
import { attached, type Field, HERE, listening, openField, presentLease, presentTicket } from '../../services/whole-location.ts';

let field: Field;
const hung = createServer((socket) => socket.on('error', () => {}));
let blackHole: Candidate;
before(async () => {
  field = await openField();
  field.clock.seconds += 10;
  await field.settled();
  blackHole = { id: 'zurich-connector-9', address: await listening(hung), route: 'direct', location: 'zurich' };
});
after(async () => {
  await field.close();
  hung.close();
});

const direct = (): Candidate => field.candidates[0] ?? assert.fail();
const gateway = (): Candidate => field.candidates[1] ?? assert.fail();
const dead: Candidate = { id: 'zurich-connector-8', address: { host: HERE, port: 9 }, route: 'direct', location: 'zurich' };

function race(candidates: readonly Candidate[], change: Partial<RaceOptions> = {}) {
  const device = field.device();
  const shown: string[] = [];
  const presentTo = (channel: Channel) => {
    shown.push(channel.statement.id);
    return presentLease(field, device, channel);
  };
  const options = {
    candidates,
    credential: 'lease' as const,
    presentTo,
    trust: () => field.world.trustWith(),
    signal: field.signal,
    now: field.now,
    ...change,
  };
  return { device, shown, result: raceChannels(options) };
}

test('the first path that says hello is shown the lease, and no other', async () => {
  const { device, shown, result } = race([blackHole, dead, gateway(), direct()]);
  const got = await result;
  assert.ok(got.as === 'granted', JSON.stringify(got));
  assert.deepEqual(shown, [got.by.id]);
  const { channel, answer } = await field.attach(device, got.granted, gateway().address);
  attached(answer);
  channel.close();
});

test('when nobody says hello it is 3023', async () => {
  const faults: string[] = [];
  const { result } = race([dead], { onFault: ({ id }) => void faults.push(id) });
  const got = await result;
  assert.ok(got.as === 'unanswered');
  assert.equal(got.error.code, 3023);
  assert.deepEqual(faults, ['zurich-connector-8']);
});

test('a refusal for good comes back with who refused and why', async () => {
  const thief = field.device();
  const { result } = race([direct(), gateway()], {
    presentTo: (channel) => presentTicket(field, thief, channel, field.ticket(thief, { iat: field.now() - 500, exp: field.now() - 410 })),
    credential: 'ticket',
  });
  const got = await result;
  assert.ok(got.as === 'refused');
  assert.deepEqual([got.error.code, got.retryable], ['ticket_expired', false]);
});

test('after a retryable refusal the other paths are tried', async () => {
  const [first] = candidatesFor([{ ...field.location, id: 'bern' }]);
  assert.ok(first);
  // The connector of Zurich says that Bern is not its site; the gateway then serves Zurich.
  const device = field.device();
  const { result } = race([direct(), gateway()], {
    presentTo: (channel, { route }) => {
      const body = presentLease(field, device, channel);
      return route === 'direct' ? { ...body, location: 'bern' } : body;
    },
  });
  const got = await result;
  assert.ok(got.as === 'granted', JSON.stringify(got));
  assert.equal(got.by.route, 'gateway');
});

test('cancel ends the race with its reason and leaves nothing open', async () => {
  const stop = new AbortController();
  const { result } = race([blackHole], { signal: stop.signal });
  stop.abort(new Error('by the user'));
  await assert.rejects(result, /by the user/u);
});
