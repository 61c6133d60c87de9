import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v from 'valibot';
import { correlationIdOf } from '#core/correlation-id';
import { CorrelationId } from '#protocol/primitives';

test('a correlation ID is 48 bits in three groups that a person can read out', () => {
  assert.equal(correlationIdOf(Uint8Array.of(0x7f, 0x3a, 0x91, 0xc2, 0x04, 0xbe)), '7f3a-91c2-04be');
  assert.equal(correlationIdOf(new Uint8Array(6)), '0000-0000-0000');
  assert.ok(v.is(CorrelationId, correlationIdOf(Uint8Array.of(255, 254, 253, 252, 251, 250))));
});
