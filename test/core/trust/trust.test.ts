import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import * as v from 'valibot';
import { TYP } from '#protocol/jose';
import { TIMES } from '#protocol/limits';
import { parse } from '#protocol/parse';
import { News, type Revocation, SignedRootBundle } from '#protocol/trust';
import {
  type Expected,
  follow,
  hear,
  judgeStatement,
  newsFor,
  strangerFacts,
  trustFromPin,
  versionsOf,
} from '../../../core/trust/trust.ts';
import { nodeCrypto, sha256 } from '../../../runtime/jose/primitives.ts';
import { componentSigner, newEd25519 } from '../../../runtime/jose/sign.ts';
import { DAY, NOW, newWorld, signBundle, stateThat } from '../../vectors/world.ts';
import { outcomeOf } from '../outcome.ts';

const world = newWorld();
const bundleOf = (version: number, change = {}) => signBundle({ ...world.bundle, version, ...change }, world.roots.slice(0, 2));
const one = { target: { kind: 'user' as const, subject: 'mara-0123456789' }, from: NOW, until: NOW + 1, forget: NOW + 2 };
const blocked = [one];

test('root bundles are followed one version at a time, and a gap stops there', () => {
  const trust = world.trustWith();
  assert.equal(hear(nodeCrypto, trust, { rootBundles: [bundleOf(2), bundleOf(3)] }, NOW).bundle.version, 3);
  assert.equal(hear(nodeCrypto, trust, { rootBundles: [bundleOf(3)] }, NOW).bundle.version, 1);
  assert.equal(hear(nodeCrypto, trust, { rootBundles: [bundleOf(2), bundleOf(4)] }, NOW).bundle.version, 2);
});

test('the newest list wins, never backwards, whoever brings it', () => {
  const newer = hear(nodeCrypto, world.trustWith(), { revocations: world.listToken(blocked, 5) }, NOW);
  assert.equal(newer.list?.version, 5);
  assert.equal(hear(nodeCrypto, newer, { revocations: world.listToken([], 4) }, NOW).list?.version, 5);
  assert.equal(
    hear(nodeCrypto, newer, { revocations: world.listToken([], 5, NOW + 60) }, NOW + 60).list?.iat,
    NOW + 60,
    'the same version signed later is fresher',
  );
});

test('no list takes an entry away but by its age or by naming it as removed, whatever its version', () => {
  const entry = { ...one, forget: NOW + 100 };
  const held = hear(nodeCrypto, world.trustWith(), { revocations: world.listToken([entry], 5) }, NOW);
  assert.equal(hear(nodeCrypto, held, { revocations: world.listToken([], 6, NOW + 50) }, NOW), held, 'it is only missing');
  assert.equal(hear(nodeCrypto, held, { revocations: world.listToken([], 5, NOW + 50) }, NOW), held, 'in another list of the same version');
  const removed = world.revoker.sign(TYP.revocations, { version: 6, iat: NOW + 50, entries: [], removed: [entry] });
  assert.deepEqual(hear(nodeCrypto, held, { revocations: removed }, NOW).list?.entries, []);
  const later = { revocations: world.listToken([], 6, NOW + 101) };
  assert.equal(hear(nodeCrypto, held, later, NOW + 100), held, 'it is over by the signer’s clock alone, which may be far ahead');
  assert.deepEqual(hear(nodeCrypto, held, later, NOW + 101).list?.entries, [], 'it is over');
});

test('a list that is not ours leaves everything as it was', () => {
  const trust = world.trustWith(blocked);
  assert.equal(hear(nodeCrypto, trust, { revocations: newWorld().listToken([], 9) }, NOW), trust);
  assert.equal(hear(nodeCrypto, trust, { revocations: 'nonsense' }, NOW), trust);
});

test('a list signed by a key that only the next root bundle names is taken when both come together', () => {
  const other = newWorld();
  const next = signBundle({ ...world.bundle, version: 2, roles: other.bundle.roles }, world.roots.slice(0, 2));
  const after = hear(nodeCrypto, world.trustWith(), { rootBundles: [next], revocations: other.listToken(blocked, 2) }, NOW);
  assert.equal(after.list?.version, 2);
});

test('a peer is told what it lacks and nothing else', () => {
  const two = bundleOf(2);
  const trust = hear(nodeCrypto, world.trustWith(), { rootBundles: [two], revocations: world.listToken(blocked, 5) }, NOW);
  assert.equal(newsFor(trust, versionsOf(trust)), undefined);
  assert.deepEqual(newsFor(trust, { rootVersion: 1, listVersion: 5 }), { rootBundles: [two] });
  assert.deepEqual(newsFor(trust, { rootVersion: 2, listVersion: 0 }), { revocations: trust.listToken });
});

test('a peer that is far behind is told the next bundles first, as many as one message takes', () => {
  const bundles = Array.from({ length: 11 }, (_, index) => bundleOf(index + 2));
  const trust = bundles.reduce((held, bundle) => hear(nodeCrypto, held, { rootBundles: [bundle] }, NOW), world.trustWith());
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
  assert.equal(hear({ ...nodeCrypto, verify }, trust, { rootBundles: [parse(SignedRootBundle, forged)] }, NOW), trust);
  assert.ok(checks <= world.bundle.rootKeys.length, `${checks} checks`);
});

test('a list whose signer the next bundle drops goes on refusing, and yields to any list that is good under it', () => {
  const other = newWorld();
  const dropped = signBundle(
    { ...world.bundle, version: 2, roles: { ...world.bundle.roles, revoker: other.bundle.roles.revoker } },
    world.roots.slice(0, 2),
  );
  const stolen = hear(nodeCrypto, world.trustWith(), { revocations: world.listToken(blocked, Number.MAX_SAFE_INTEGER) }, NOW);
  const moved = hear(nodeCrypto, stolen, { rootBundles: [dropped] }, NOW);
  assert.deepEqual(moved.list?.entries, blocked, 'until then what it says still holds');
  assert.deepEqual(versionsOf(moved), { rootVersion: 2, listVersion: 0 }, 'peers are asked for theirs');
  assert.equal(newsFor(moved, { rootVersion: 2, listVersion: 0 }), undefined, 'it is not passed on');
  assert.equal(hear(nodeCrypto, moved, { revocations: other.listToken([], 2) }, NOW).list?.version, 2);
  assert.equal(hear(nodeCrypto, moved, { revocations: world.listToken([], Number.MAX_SAFE_INTEGER) }, NOW), moved);
});

test('a bundle that is known already does not keep from the next, one that only claims to be the next ends it', () => {
  const trust = world.trustWith();
  const after = (...rootBundles: SignedRootBundle[]) => follow(nodeCrypto, trust, rootBundles).bundle.version;
  assert.equal(after(bundleOf(1), bundleOf(2), bundleOf(2), bundleOf(3)), 3);
  assert.equal(after(bundleOf(2, { tenant: 'fabrikam' }), bundleOf(2)), 2);
  const byOne = signBundle({ ...world.bundle, version: 2 }, world.roots.slice(0, 1));
  const byOldOnly = bundleOf(2, { rootKeys: newWorld().bundle.rootKeys });
  for (const forged of [byOne, byOldOnly]) assert.equal(after(forged, bundleOf(2)), 1);
});

test('a list of the same version is only taken when it was signed later', () => {
  const held = hear(nodeCrypto, world.trustWith(), { revocations: world.listToken(blocked, 5, NOW) }, NOW);
  const more = { ...one, target: { kind: 'group' as const, group: 'Staff' } };
  const twin = (iat: number) => world.listToken([...blocked, more], 5, iat);
  assert.equal(hear(nodeCrypto, held, { revocations: twin(NOW) }, NOW), held);
  assert.equal(hear(nodeCrypto, held, { revocations: twin(NOW - 1) }, NOW), held);
  assert.equal(hear(nodeCrypto, held, { revocations: twin(NOW + 1) }, NOW).list?.entries.length, 2);
});

test('a newcomer is told of no root bundles: it begins with its pin', () => {
  const trust = hear(nodeCrypto, world.trustWith(), { rootBundles: [bundleOf(2)] }, NOW);
  assert.deepEqual(newsFor(trust, { rootVersion: 0, listVersion: 0 }), { revocations: trust.listToken });
  assert.equal(newsFor(trust, { rootVersion: 3, listVersion: 1 }), undefined, 'nor is who is ahead');
});

test('a peer whose list is older, or newer, is told ours, or nothing', () => {
  const trust = hear(nodeCrypto, world.trustWith(), { revocations: world.listToken(blocked, 5) }, NOW);
  const told = (listVersion: number) => newsFor(trust, { rootVersion: 1, listVersion })?.revocations;
  assert.deepEqual([told(4), told(5), told(6)], [trust.listToken, undefined, undefined]);
});

test('trust begins with the pinned bundle, whatever came before it, and follows its successors', () => {
  const [first, second, third] = [bundleOf(1), bundleOf(2), bundleOf(3)];
  const from = (bundles: SignedRootBundle[], pin = sha256(second.payload)) => trustFromPin(nodeCrypto, bundles, pin);
  const begun = from([first, second, third]);
  assert.ok(begun.ok);
  assert.equal(begun.value.bundle.version, 3);
  assert.deepEqual(begun.value.history, [second, third]);
  assert.equal(begun.value.signedBundle, third);
  const whole = from([first, second, third], sha256(first.payload));
  assert.ok(whole.ok);
  assert.deepEqual(whole.value.history, [first, second, third]);
  assert.equal(outcomeOf(from([first, third])), 'pin');
  assert.equal(outcomeOf(from([first, { ...second, signatures: first.signatures }])), 'not-signed-by-new');
});

describe('a trust statement', () => {
  const signer = componentSigner(newEd25519());
  const SKEW = TIMES.leaseSkewSeconds;
  interface Stated {
    readonly by?: typeof world.trustRole;
    readonly role?: 'gateway' | 'connector' | 'workspace';
    readonly location?: string;
    readonly iat?: number;
    readonly exp?: number;
    readonly expected?: Partial<Expected>;
    readonly withdrawn?: Partial<Revocation>;
  }
  const judged = ({ by = world.trustRole, role = 'gateway', location, iat, exp, expected, withdrawn }: Stated) => {
    const token = stateThat(by, {
      role,
      id: 'gateway-1',
      location,
      sign: signer.publicKey,
      ...(iat !== undefined && { iat }),
      ...(exp !== undefined && { exp }),
    });
    const entry = { target: { kind: 'key' as const, kid: signer.kid }, from: NOW, until: NOW + 1, forget: NOW + DAY, ...withdrawn };
    const trust = world.trustWith(withdrawn === undefined ? [] : [entry]);
    return judgeStatement(nodeCrypto, trust, token, NOW, { roles: ['gateway', 'connector'], ...expected });
  };

  const CASES: readonly (readonly [what: string, stated: Stated, outcome: string])[] = [
    ['of a role that is expected', {}, 'good'],
    ['of the other role that is expected', { role: 'connector' }, 'good'],
    ['of another role', { role: 'workspace' }, 'role'],
    ['of the component that is expected', { expected: { id: 'gateway-1' } }, 'good'],
    ['of another component', { expected: { id: 'gateway-2' } }, 'id'],
    ['of the location that is expected', { location: 'zurich', expected: { location: 'zurich' } }, 'good'],
    ['of another location', { location: 'bern', expected: { location: 'zurich' } }, 'location'],
    ['of no location', { expected: { location: 'zurich' } }, 'location'],
    ['of the certificate that was shown', { expected: { tls: sha256('gateway-1') } }, 'good'],
    ['of another certificate than was shown', { expected: { tls: sha256('somebody in the middle') } }, 'tls-key'],
    ['dated ahead by the skew of two clocks', { iat: NOW + SKEW }, 'good'],
    ['dated a second further ahead', { iat: NOW + SKEW + 1 }, 'not-yet'],
    ['in its last second, with the skew of two clocks', { exp: NOW - SKEW }, 'good'],
    ['a second later', { exp: NOW - SKEW - 1 }, 'expired'],
    ['good for sixty days', { exp: NOW - DAY + TIMES.statementSeconds }, 'good'],
    ['good for a second longer', { exp: NOW - DAY + TIMES.statementSeconds + 1 }, 'lifetime'],
    ['whose key was withdrawn', { withdrawn: {} }, 'revoked'],
    ['whose key is withdrawn from now on', { withdrawn: { from: NOW + 1 } }, 'good'],
    ['that somebody else signed', { by: world.issuer }, 'unknown-key'],
  ];
  for (const [what, stated, outcome] of CASES) test(`${what}: ${outcome}`, () => assert.equal(outcomeOf(judged(stated)), outcome));

  test('that does not hold says whether the peer is another one, and which', () => {
    const factsOf = (stated: Stated) => {
      const verdict = judged(stated);
      assert.ok(!verdict.ok);
      return strangerFacts(verdict);
    };
    assert.deepEqual(factsOf({ exp: NOW - DAY }), { reason: 'statement', why: 'expired' });
    assert.deepEqual(factsOf({ role: 'workspace' }), { reason: 'other-peer', why: 'role', found: 'workspace' });
    assert.deepEqual(factsOf({ expected: { id: 'gateway-2' } }), { reason: 'other-peer', why: 'id', found: 'gateway-1' });
    assert.deepEqual(factsOf({ location: 'bern', expected: { location: 'zurich' } }), {
      reason: 'other-peer',
      why: 'location',
      found: 'bern',
    });
    assert.deepEqual(factsOf({ expected: { location: 'zurich' } }), { reason: 'other-peer', why: 'location', found: '-' });
  });
});
