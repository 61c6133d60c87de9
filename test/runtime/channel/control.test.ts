import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v from 'valibot';
import { CONTROL } from '#protocol/channel';
import { HoldfastError, WireError } from '#protocol/errors';
import { LIMITS } from '#protocol/limits';
import { parse } from '#protocol/parse';
import type { Statement } from '#protocol/trust';
import { hear } from '../../../core/trust/trust.ts';
import { type ControlHandlers, type ControlTimes, speakControl } from '../../../runtime/channel/control.ts';
import { framesOver } from '../../../runtime/channel/frames.ts';
import type { ComponentIdentity } from '../../../runtime/channel/identity.ts';
import { nodeCrypto } from '../../../runtime/jose/primitives.ts';
import { SILENT } from '../../log.ts';
import { patience } from '../../patience.ts';
import { refusedWith } from '../../refused-with.ts';
import { untilHolds } from '../../until.ts';
import { NOW, newWorld, signBundle } from '../../vectors/world.ts';
import { socketPair } from './loopback.ts';

const world = newWorld();
const TIMES: ControlTimes = { pingEveryMs: 20, pingDeadlineMs: 200, giveUpMs: 60_000 };
const REGISTRATION = {
  id: 'zurich-host-1',
  address: { host: 'h', port: 1 },
  protocols: [],
  sessions: [],
  maxSessions: 1,
};
function identity(): ComponentIdentity & { heard: number } {
  let trust = world.trustWith();
  const listeners = new Set<() => void>();
  const { signer, statement } = world.component('connector', 'zurich-connector-1', 'zurich');
  const self = {
    id: 'zurich-connector-1',
    heard: 0,
    signer,
    tls: { key: '', cert: '' },
    statement: () => statement,
    trust: () => trust,
    hear(news: Parameters<ComponentIdentity['hear']>[0]) {
      self.heard += 1;
      const after = hear(nodeCrypto, trust, news, NOW);
      if (after === trust) return;
      trust = after;
      for (const listener of listeners) listener();
    },
    onTrust(listener: () => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  return self;
}

function gatewaySigning(sign: Statement['keys']['sign']): Statement {
  return { role: 'gateway', id: 'gateway-1', keys: { tls: 'w'.repeat(43), sign }, iat: NOW, exp: NOW + 1 };
}

async function channel(handlers: ControlHandlers = {}, times = TIMES) {
  const { near, far, close } = await socketPair();
  const [a, b] = [identity(), identity()];
  const bugs: unknown[] = [];
  const log = { error: (fields: object) => void bugs.push(Reflect.get(fields, 'method')) };
  const common = {
    log,
    statement: gatewaySigning(a.signer.publicKey),
    versions: { rootVersion: 1, listVersion: 1 },
    now: () => NOW,
    times,
  };
  const left = speakControl({ ...common, socket: near, frames: framesOver(near), identity: a, handlers: {} });
  const right = speakControl({ ...common, socket: far, frames: framesOver(far), identity: b, handlers });
  return { left, right, a, b, near, far, close, bugs };
}

test('requests go both ways and are answered by number', async () => {
  const { left, right, close } = await channel({ register: async ({ maxSessions }) => ({ heartbeatSeconds: maxSessions }) });
  const [ping, first, second] = await Promise.all([
    right.call('ping', {}, 1_000),
    left.call('register', REGISTRATION, 1_000),
    left.call('register', { ...REGISTRATION, maxSessions: 7 }, 1_000),
  ]);
  assert.deepEqual([ping.now, first.heartbeatSeconds, second.heartbeatSeconds], [NOW, 1, 7]);
  close();
});

test('a refusal comes back with its code; a fault of ours says nothing more than internal', async () => {
  const { left, close } = await channel({
    register: async () => Promise.reject(new HoldfastError(3021, { reason: 'full' })),
    meet: async () => Promise.reject(new Error('secret detail')),
  });
  await assert.rejects(left.call('register', REGISTRATION, 1_000), refusedWith(3021));
  const meet = { gateway: { id: 'gateway-1', address: { host: 'h', port: 1 } }, rendezvous: '0'.repeat(32), correlationId: '7f3a91c2' };
  await assert.rejects(left.call('meet', meet, 1_000), (error) => refusedWith('internal')(error) && !String(error).includes('secret'));
  close();
});

test('what is not asked here is refused, also methods that do not exist', async (t) => {
  const { far, close } = await beside({ ...TIMES, pingEveryMs: 60_000 });
  t.after(close);
  for (const [id, method] of ['register', 'toString', '__proto__', 'nothing'].entries()) {
    far.send({ type: 'request', id, method, params: method === 'register' ? REGISTRATION : {} });
    const answer = parse(Refusal, await far.next());
    assert.deepEqual([answer.id, answer.error.code, answer.error.reason], [id, 'bad_request', 'not-asked-here'], method);
  }
  far.send({ type: 'request', id: 99, method: 'ping', params: {} });
  assert.equal(parse(Reply, await far.next()).result.now, NOW, 'the channel goes on');
});

test('a request that is not answered ends with its deadline, and all end with the connection', async () => {
  const { left, far, close } = await channel({ register: () => new Promise(() => {}) });
  await assert.rejects(left.call('register', REGISTRATION, 20), refusedWith('timeout'));
  const waiting = left.call('register', REGISTRATION, 10_000);
  far.destroy();
  await assert.rejects(waiting, refusedWith('unavailable'));
  await assert.rejects(left.call('ping', {}, 1_000), refusedWith('unavailable'));
  await left.closed;
  close();
});

/** Our end of a channel whose other end says only what the test says. */
async function beside(times: ControlTimes) {
  const { near, far, close } = await socketPair();
  const statement = gatewaySigning(world.issuer.publicKey);
  const versions = { rootVersion: 1, listVersion: 1 };
  const own = { socket: near, frames: framesOver(near), identity: identity(), handlers: {}, now: () => NOW, log: SILENT };
  return { peer: speakControl({ ...own, statement, versions, times }), identity: own.identity, near, far: framesOver(far), close };
}
const Request = v.object({ type: v.literal('request'), id: v.number(), method: v.string() });
const Refusal = v.object({ type: v.literal('reply'), id: v.number(), error: WireError });
const Reply = v.object({ type: v.literal('reply'), id: v.number(), result: v.object({ now: v.number() }) });
const LATE_ANSWER = { type: 'reply', id: 1_000_000, result: {} };

test('a peer that misses a ping is unresponsive, kept, and good again when it answers', async (t) => {
  // Pings are farther apart than their deadline: otherwise an earlier one's miss follows the answer at once.
  const { peer, near, far, close } = await beside({ pingEveryMs: 200, pingDeadlineMs: 30, giveUpMs: 60_000 });
  t.after(close);
  await untilHolds(() => !peer.responsive());
  assert.equal(near.destroyed, false);
  far.send(LATE_ANSWER);
  await untilHolds(() => peer.responsive());
});

test('a peer that stays silent for too long is let go', async (t) => {
  const since = performance.now();
  const { peer, near, close } = await beside({ pingEveryMs: 20, pingDeadlineMs: 20, giveUpMs: 200 });
  t.after(close);
  await peer.closed;
  assert.ok(performance.now() - since >= 200);
  assert.ok(near.errored instanceof HoldfastError);
  assert.equal(near.errored.code, 'timeout');
});

test('a peer has 512 requests served at once and no more, and another one when one is answered', async (t) => {
  const served = Promise.withResolvers<{ heartbeatSeconds: number }>();
  const { left, close } = await channel(
    { register: () => served.promise },
    { pingEveryMs: 60_000, pingDeadlineMs: 60_000, giveUpMs: 60_000 },
  );
  t.after(close);
  const waiting = Array.from({ length: 512 }, () => left.call('register', REGISTRATION, 60_000));
  await assert.rejects(left.call('register', REGISTRATION, 60_000), refusedWith('too_many'));
  served.resolve({ heartbeatSeconds: 60 });
  assert.equal((await Promise.all(waiting)).length, 512);
  assert.deepEqual(await left.call('register', REGISTRATION, 60_000), { heartbeatSeconds: 60 });
});

test('a peer that misses a probe is unresponsive at once, and good again when it answers', async (t) => {
  const { peer, far, close } = await beside({ pingEveryMs: 60_000, pingDeadlineMs: 60_000, giveUpMs: 60_000 });
  t.after(close);
  await assert.rejects(peer.probe({ leastMs: 10, mostMs: 20 }), refusedWith('timeout'));
  assert.equal(peer.responsive(), false);
  far.send(LATE_ANSWER);
  await untilHolds(() => peer.responsive());
});

test('a peer that answers passes its probe', async () => {
  const { left, close } = await channel();
  await left.probe({ leastMs: 1_000, mostMs: 5_000 });
  assert.equal(left.responsive(), true);
  close();
});

test('a frame that is no control frame ends the channel', async () => {
  const { left, far, close } = await channel();
  framesOver(far).send({ type: 'nonsense' });
  await left.closed;
  close();
});

test('a newer list is pushed to the other side at once, and not sent back', async () => {
  const { a, b, close } = await channel({}, { ...TIMES, pingEveryMs: 60_000 });
  a.hear({ revocations: world.listToken([], 2, NOW) });
  await untilHolds(() => b.trust().list?.version === 2);
  assert.equal(a.heard, 1);
  b.hear({ revocations: world.listToken([], 3, NOW) });
  await untilHolds(() => a.trust().list?.version === 3);
  assert.deepEqual([a.heard, b.heard], [2, 2]);
  close();
});

test('news that cannot be read is refused, and the peer still gets ours over this channel', async (t) => {
  const { left, a, b, far, close } = await channel();
  t.after(close);
  framesOver(far).send({ type: 'request', id: 1_000_000, method: 'news', params: { revocations: 7 } });
  await left.call('ping', {}, patience(1_000));
  a.hear({ revocations: world.listToken([], 2, NOW) });
  await untilHolds(() => b.trust().list?.version === 2);
});

test('a list that the peer did not take is sent again, until it is acknowledged', { timeout: patience(20_000) }, async (t) => {
  const { identity: own, far, close } = await beside({ pingEveryMs: 20, pingDeadlineMs: patience(5_000), giveUpMs: 60_000 });
  t.after(close);
  own.hear({ revocations: world.listToken([], 2, NOW) });
  let refused = 0;
  let pings = 0;
  // Refused twice, then taken; after that no ping brings it again.
  for (let taken = false; !taken || pings < 3; ) {
    const { id, method } = parse(Request, await far.next());
    if (method === 'ping') {
      if (taken) pings += 1;
      far.send({ type: 'reply', id, result: { now: NOW } });
    } else if (refused < 2) {
      refused += 1;
      far.send({ type: 'reply', id, error: { code: 'too_many' } });
    } else {
      assert.equal(taken, false, 'sent again after it was acknowledged');
      taken = true;
      far.send({ type: 'reply', id, result: {} });
    }
  }
});

test('a peer many root bundles behind gets all of them', async (t) => {
  const { a, b, close } = await channel({}, { ...TIMES, pingEveryMs: 60_000 });
  t.after(close);
  const last = LIMITS.newsBundles + 3;
  const rootBundles = Array.from({ length: last - 1 }, (_, at) =>
    signBundle({ ...world.bundle, version: at + 2 }, world.roots.slice(0, 2)),
  );
  a.hear({ rootBundles });
  await untilHolds(() => b.trust().bundle.version === last);
});

test('a bug in a handler is logged here, and the peer hears nothing of it', async (t) => {
  const { left, close, bugs } = await channel({ register: () => Promise.reject(new TypeError('of undefined')) });
  t.after(close);
  await assert.rejects(left.call('register', REGISTRATION, patience(1_000)), refusedWith('internal'));
  assert.deepEqual(bugs, ['register']);
});

test('a peer whose key is withdrawn is cut off', async () => {
  const { left, right, a, close } = await channel();
  const target = { kind: 'key' as const, kid: nodeCrypto.thumbprint(left.statement.keys.sign) };
  a.hear({ revocations: world.listToken([{ target, from: NOW - 1, until: NOW + 9, forget: NOW + 9 }], 2, NOW) });
  await left.closed;
  await right.closed;
  close();
});

test('every control method has its declaration', () => {
  assert.deepEqual(Object.keys(CONTROL), ['ping', 'news', 'launch', 'reach', 'meet', 'register']);
});
