import assert from 'node:assert/strict';
import test from 'node:test';
import * as v from 'valibot';
import { TYP } from '#protocol/jose';
import { parse } from '#protocol/parse';
import { News, SignedRootBundle } from '#protocol/trust';
import { hear, newsFor, versionsOf } from '../../../core/trust/trust.ts';
import { nodeCrypto } from '../../../runtime/jose/primitives.ts';
import { NOW, newWorld, signBundle } from '../../vectors/world.ts';

const world = newWorld();
const bundleOf = (version: number, change = {}) => signBundle({ ...world.bundle, version, ...change }, world.roots.slice(0, 2));
const one = { target: { kind: 'user' as const, subject: 'mara-0123456789' }, from: NOW, until: NOW + 1, forget: NOW + 2 };
const blocked = [one];

test('root bundles are followed one version at a time, and a gap stops there', () => {
  const trust = world.trustWith();
  assert.equal(hear(nodeCrypto, trust, { rootBundles: [bundleOf(2), bundleOf(3)] }).bundle.version, 3);
  assert.equal(hear(nodeCrypto, trust, { rootBundles: [bundleOf(3)] }).bundle.version, 1);
  assert.equal(hear(nodeCrypto, trust, { rootBundles: [bundleOf(2), bundleOf(4)] }).bundle.version, 2);
});

test('the newest list wins, never backwards, whoever brings it', () => {
  const newer = hear(nodeCrypto, world.trustWith(), { revocations: world.listToken(blocked, 5) });
  assert.equal(newer.list?.version, 5);
  assert.equal(hear(nodeCrypto, newer, { revocations: world.listToken([], 4) }).list?.version, 5);
  assert.equal(
    hear(nodeCrypto, newer, { revocations: world.listToken([], 5, NOW + 60) }).list?.iat,
    NOW + 60,
    'the same version signed later is fresher',
  );
});

test('no list takes an entry away but by its age or by naming it as removed, whatever its version', () => {
  const entry = { ...one, forget: NOW + 100 };
  const held = hear(nodeCrypto, world.trustWith(), { revocations: world.listToken([entry], 5) });
  assert.equal(hear(nodeCrypto, held, { revocations: world.listToken([], 6, NOW + 50) }), held, 'it is only missing');
  assert.equal(hear(nodeCrypto, held, { revocations: world.listToken([], 5, NOW + 50) }), held, 'in another list of the same version');
  const removed = world.revoker.sign(TYP.revocations, { version: 6, iat: NOW + 50, entries: [], removed: [entry] });
  assert.deepEqual(hear(nodeCrypto, held, { revocations: removed }).list?.entries, []);
  assert.deepEqual(hear(nodeCrypto, held, { revocations: world.listToken([], 6, NOW + 101) }).list?.entries, [], 'it is over');
});

test('a list that is not ours leaves everything as it was', () => {
  const trust = world.trustWith(blocked);
  assert.equal(hear(nodeCrypto, trust, { revocations: newWorld().listToken([], 9) }), trust);
  assert.equal(hear(nodeCrypto, trust, { revocations: 'nonsense' }), trust);
});

test('a list signed by a key that only the next root bundle names is taken when both come together', () => {
  const other = newWorld();
  const next = signBundle({ ...world.bundle, version: 2, roles: other.bundle.roles }, world.roots.slice(0, 2));
  const after = hear(nodeCrypto, world.trustWith(), { rootBundles: [next], revocations: other.listToken(blocked, 2) });
  assert.equal(after.list?.version, 2);
});

test('a peer is told what it lacks and nothing else', () => {
  const two = bundleOf(2);
  const trust = hear(nodeCrypto, world.trustWith(), { rootBundles: [two], revocations: world.listToken(blocked, 5) });
  assert.equal(newsFor(trust, versionsOf(trust)), undefined);
  assert.deepEqual(newsFor(trust, { rootVersion: 1, listVersion: 5 }), { rootBundles: [two] });
  assert.deepEqual(newsFor(trust, { rootVersion: 2, listVersion: 0 }), { revocations: trust.listToken });
});

test('a peer that is far behind is told the next bundles first, as many as one message takes', () => {
  const bundles = Array.from({ length: 11 }, (_, index) => bundleOf(index + 2));
  const trust = bundles.reduce((held, bundle) => hear(nodeCrypto, held, { rootBundles: [bundle] }), world.trustWith());
  assert.equal(trust.bundle.version, 12);
  const news = newsFor(trust, { rootVersion: 1, listVersion: 1 });
  assert.deepEqual(news, { rootBundles: bundles.slice(0, 8) });
  assert.ok(v.is(News, news));
});

test('forty bad signatures cost no more checks than there are root keys', () => {
  const [signature] = bundleOf(2).signatures;
  const forged = {
    ...bundleOf(2, { threshold: 1 }),
    signatures: Array.from({ length: 40 }, () => ({ ...signature, signature: 'A'.repeat(86) })),
  };
  let checks = 0;
  const verify: typeof nodeCrypto.verify = (...what) => {
    checks++;
    return nodeCrypto.verify(...what);
  };
  const trust = world.trustWith();
  assert.equal(hear({ ...nodeCrypto, verify }, trust, { rootBundles: [parse(SignedRootBundle, forged)] }), trust);
  assert.ok(checks <= world.bundle.rootKeys.length, `${checks} checks`);
});

test('a list whose signer the next bundle drops goes on refusing, and yields to any list that is good under it', () => {
  const other = newWorld();
  const dropped = signBundle(
    { ...world.bundle, version: 2, roles: { ...world.bundle.roles, revoker: other.bundle.roles.revoker } },
    world.roots.slice(0, 2),
  );
  const stolen = hear(nodeCrypto, world.trustWith(), { revocations: world.listToken(blocked, Number.MAX_SAFE_INTEGER) });
  const moved = hear(nodeCrypto, stolen, { rootBundles: [dropped] });
  assert.deepEqual(moved.list?.entries, blocked, 'until then what it says still holds');
  assert.deepEqual(versionsOf(moved), { rootVersion: 2, listVersion: 0 }, 'peers are asked for theirs');
  assert.equal(newsFor(moved, { rootVersion: 2, listVersion: 0 }), undefined, 'it is not passed on');
  assert.equal(hear(nodeCrypto, moved, { revocations: other.listToken([], 2) }).list?.version, 2);
  assert.equal(hear(nodeCrypto, moved, { revocations: world.listToken([], Number.MAX_SAFE_INTEGER) }), moved);
});
