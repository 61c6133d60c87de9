import assert from 'node:assert/strict';
import { test } from 'node:test';
import { thumbprintInput } from '#protocol/jose';

const X = 'x'.repeat(43);
const Y = 'y'.repeat(43);

test('a key’s thumbprint is over its required members in alphabetical order, without spaces (RFC 7638)', () => {
  assert.equal(thumbprintInput({ kty: 'OKP', crv: 'Ed25519', x: X }), `{"crv":"Ed25519","kty":"OKP","x":"${X}"}`);
  assert.equal(thumbprintInput({ kty: 'EC', crv: 'P-256', x: X, y: Y }), `{"crv":"P-256","kty":"EC","x":"${X}","y":"${Y}"}`);
});
