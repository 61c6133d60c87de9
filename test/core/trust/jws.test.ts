import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as v from 'valibot';
import { TYP, type Typ } from '#protocol/jose';
import { LIMITS } from '#protocol/limits';
import { openJws, openLargeJws, readJws } from '../../../core/trust/jws.ts';
import { nodeCrypto } from '../../../runtime/jose/primitives.ts';
import { componentSigner, newEd25519 } from '../../../runtime/jose/sign.ts';
import { newDevice } from '../../vectors/world.ts';
import { outcomeOf } from '../outcome.ts';

const Said = v.object({ said: v.string() });
const component = componentSigner(newEd25519());
const stranger = componentSigner(newEd25519());
const device = newDevice();
const KEYS = [component.publicKey, device.signer.publicKey];
const token = component.sign(TYP.ticket, { said: 'yes' });
const [head = '', payload = '', signature = ''] = token.split('.');
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const header = (change: object) =>
  [encoded({ ...JSON.parse(Buffer.from(head, 'base64url').toString()), ...change }), payload, signature].join('.');

const CASES: readonly (readonly [what: string, text: string, outcome: string])[] = [
  ['as a component signed it', token, 'good'],
  ['as a device signed it', device.signer.sign(TYP.ticket, { said: 'yes' }), 'good'],
  ['by a key that is not trusted', stranger.sign(TYP.ticket, { said: 'yes' }), 'unknown-key'],
  ['of another type', component.sign(TYP.grant, { said: 'yes' }), 'header'],
  ['with another content than was signed', [head, encoded({ said: 'no' }), signature].join('.'), 'signature'],
  ['with an empty signature', `${head}.${payload}.`, 'signature'],
  ['without a signature', `${head}.${payload}`, 'malformed'],
  ['with a fourth part', `${token}.A`, 'malformed'],
  ['that is empty', '', 'malformed'],
  ['whose header is no JSON', `bm90IGpzb24.${payload}.${signature}`, 'header'],
  ['whose header is no base64url', `*.${payload}.${signature}`, 'header'],
  ['whose header names a key of its own', header({ jwk: stranger.publicKey }), 'header'],
  ['whose header asks for no signature', header({ alg: 'none' }), 'header'],
  ['whose header names the algorithm of another kind of key', header({ alg: 'ES256' }), 'header'],
  ['of a device, under a component’s algorithm', header({ kid: device.signer.kid }), 'header'],
];
for (const [what, text, outcome] of CASES) {
  test(`a token ${what}: ${outcome}`, () => {
    assert.equal(outcomeOf(openJws(nodeCrypto, text, TYP.ticket, Said, KEYS)), outcome);
    assert.equal(outcomeOf(openLargeJws(nodeCrypto, text, TYP.ticket, Said, KEYS, LIMITS.tokenBytes)), outcome);
  });
}

test('a token’s claims have their shape, whoever signed it', () => {
  for (const text of [component.sign(TYP.ticket, { said: 7 }), component.sign(TYP.ticket, {})]) {
    assert.equal(outcomeOf(openJws(nodeCrypto, text, TYP.ticket, Said, KEYS)), 'claims');
    assert.equal(outcomeOf(openLargeJws(nodeCrypto, text, TYP.ticket, Said, KEYS, LIMITS.tokenBytes)), 'claims');
  }
});

describe('a token that may be long and comes from anybody', () => {
  const open = (text: string, keys: typeof KEYS, typ: Typ = TYP.ticket) =>
    outcomeOf(openLargeJws(nodeCrypto, text, typ, Said, keys, LIMITS.tokenBytes));

  test('B-S3d is read by its signature before its content', () => {
    const text = stranger.sign(TYP.ticket, { said: 7 });
    assert.equal(open(text, KEYS), 'unknown-key');
    assert.equal(open(text, [stranger.publicKey]), 'claims');
  });

  test('gives its claims', () => {
    assert.deepEqual(openLargeJws(nodeCrypto, token, TYP.ticket, Said, KEYS, token.length), { ok: true, value: { said: 'yes' } });
  });

  test('has a longest length', () => {
    assert.equal(outcomeOf(openLargeJws(nodeCrypto, token, TYP.ticket, Said, KEYS, token.length - 1)), 'too-large');
  });
});

describe('the length of a token', () => {
  const long = (length: number) => component.sign(TYP.ticket, { said: 'x'.repeat(length) });

  test('is limited, unless more is allowed', () => {
    const text = long(LIMITS.tokenBytes);
    assert.equal(outcomeOf(readJws(nodeCrypto, text, TYP.ticket, Said)), 'too-large');
    assert.equal(outcomeOf(readJws(nodeCrypto, text, TYP.ticket, Said, text.length)), 'good');
    assert.equal(outcomeOf(openJws(nodeCrypto, text, TYP.ticket, Said, KEYS, text.length)), 'good');
    assert.equal(outcomeOf(openJws(nodeCrypto, text, TYP.ticket, Said, KEYS, text.length - 1)), 'too-large');
  });

  test('may be all of the limit', () => {
    const atLimit = `${'A'.repeat(LIMITS.tokenBytes - 4)}.A.A`;
    assert.equal(outcomeOf(readJws(nodeCrypto, atLimit, TYP.ticket, Said)), 'header');
    assert.equal(outcomeOf(readJws(nodeCrypto, `A${atLimit}`, TYP.ticket, Said)), 'too-large');
  });
});
