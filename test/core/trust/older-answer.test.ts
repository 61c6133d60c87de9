import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TYP } from '#protocol/jose';
import type { Revocation } from '#protocol/trust';
import { olderPartOf } from '../../../core/trust/older-answer.ts';
import { hear } from '../../../core/trust/trust.ts';
import { nodeCrypto } from '../../../runtime/jose/primitives.ts';
import { DAY, NOW, newWorld, signBundle } from '../../vectors/world.ts';

const world = newWorld();
const bundleOf = (version: number) => signBundle({ ...world.bundle, version }, world.roots.slice(0, 2));
const entry: Revocation = { target: { kind: 'group', group: 'Finance' }, from: NOW, until: NOW + DAY, forget: NOW + 31 * DAY };
const [one, two] = [bundleOf(1), bundleOf(2)];
const held = hear(nodeCrypto, world.trustWith(), { rootBundles: [two], revocations: world.listToken([entry], 5) }, NOW);
const list = held.listToken ?? '';
const taken = world.revoker.sign(TYP.revocations, { version: 6, iat: NOW, entries: [], removed: [entry] });
const unreadable = { ...two, payload: 'bm90IGpzb24' };

const CASES: readonly (readonly [what: string, rootBundle: typeof two, revocations: string, older: string | undefined])[] = [
  ['what is held', two, list, undefined],
  ['the next root bundle', bundleOf(3), list, undefined],
  ['the root bundle before', one, list, 'root-bundle'],
  ['no root bundle at all', unreadable, list, undefined],
  ['a root bundle that is not even text', { ...two, payload: '*' }, list, undefined],
  ['a root bundle of another shape', { ...two, payload: Buffer.from('{"version":1}').toString('base64url') }, list, undefined],
  ['the list before', two, world.listToken([entry], 4), 'revocation-list'],
  ['the same list, signed later', two, world.listToken([entry], 5, NOW), undefined],
  ['the next list', two, world.listToken([entry], 6), undefined],
  ['a later list in which an entry is missing', two, world.listToken([], 6), 'revocation-list'],
  ['a list dated after the end of the entry that is missing', two, world.listToken([], 6, NOW + 32 * DAY), 'revocation-list'],
  ['a later list in which an entry was taken away', two, taken, undefined],
  ['an earlier list that somebody else signed', two, newWorld().listToken([], 4), undefined],
];
for (const [what, rootBundle, revocations, older] of CASES) {
  test(`an answer with ${what} is ${older === undefined ? 'not older' : `older by its ${older}`}`, () => {
    assert.equal(olderPartOf(nodeCrypto, held, { rootBundle, revocations }, NOW), older);
  });
}

test('no list is older than none', () => {
  const { list: _, listToken: __, ...listless } = held;
  assert.equal(olderPartOf(nodeCrypto, listless, { rootBundle: two, revocations: world.listToken([], 1) }, NOW), undefined);
  const { listToken: ___, ...unvouched } = held;
  assert.equal(olderPartOf(nodeCrypto, unvouched, { rootBundle: two, revocations: world.listToken([], 1) }, NOW), undefined);
});
