import assert from 'node:assert/strict';
import test from 'node:test';
import * as v from 'valibot';
import {
  describeError,
  type ErrorCode,
  fromWireError,
  HoldfastError,
  isLaunchCode,
  LAUNCH_ERRORS,
  SERVICE_ERRORS,
  toWireError,
  WireError,
} from '#protocol/errors';
import { parse } from '#protocol/parse';

const Code = WireError.entries.code;
const CODES: readonly ErrorCode[] = [...Object.keys(LAUNCH_ERRORS).map(Number), ...Object.keys(SERVICE_ERRORS)].map((code) =>
  parse(Code, code),
);

test('B-N7 every code travels and comes back as it was, with its detail', () => {
  for (const code of CODES) {
    for (const detail of [undefined, 'Said exactly.']) {
      const sent = parse(WireError, JSON.parse(JSON.stringify(toWireError(new HoldfastError(code, detail), '7f3a91c2'))));
      const come = fromWireError(sent);
      assert.deepEqual([come.code, come.detail, come.retryable], [code, detail, describeError(code).retryable === true]);
      assert.equal(sent.correlationId, '7f3a91c2');
    }
  }
});

test('B-N7 the launch codes are the fixed ones', () => {
  const fixed = [3000, 3002, 3003, 3004, 3005, 3006, 3007, 3008, 3009, 3010, 3020, 3021, 3022, 3023, 3024, 3025, 3026];
  assert.deepEqual(CODES.filter(isLaunchCode), fixed);
  for (const other of [3001, 3011, '3000', 'constructor', Number.NaN]) assert.ok(!isLaunchCode(other));
});

test('what was thrown by mistake is sent without its words, its cause never', () => {
  const bug = toWireError(new Error('/home/mara/secret'));
  assert.equal(bug.code, 'internal');
  const refusal = toWireError(new HoldfastError('conflict', 'Look again.', { cause: new Error('/home/mara/secret') }));
  assert.doesNotMatch(JSON.stringify([bug, refusal]), /secret/u);
});

test('a code that nobody knows is no error of ours', () => {
  for (const code of ['gone', 3001, '3000', null]) assert.ok(!v.is(WireError, { code, message: 'x', remedy: '' }));
});
