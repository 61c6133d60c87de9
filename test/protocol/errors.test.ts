import assert from 'node:assert/strict';
import test from 'node:test';
import * as v from 'valibot';
import {
  describeError,
  type ErrorCode,
  fromWireError,
  HoldfastError,
  isLaunchCode,
  isUnanswered,
  LAUNCH_ERRORS,
  type LaunchCode,
  SERVICE_ERRORS,
  toWireError,
  WireError,
} from '#protocol/errors';
import { parse } from '#protocol/parse';
import { NUMBER_PARAMS, type ParamName, REASONS } from '#protocol/reasons';
import { thrownWords } from '#protocol/words';
import { everything } from '#protocol/words/everything';

const CODES: readonly ErrorCode[] = [...Object.keys(LAUNCH_ERRORS).map(Number), ...Object.keys(SERVICE_ERRORS)].map(
  (code) => parse(WireError, { code }).code,
);
const NUMBERS: ReadonlySet<string> = new Set(NUMBER_PARAMS);
const reasonsOf = (code: ErrorCode): readonly (readonly [reason: string, params: readonly ParamName[]])[] => {
  const reasons: Readonly<Record<string, Readonly<Record<string, readonly ParamName[]>>>> = REASONS;
  return Object.entries(reasons[code] ?? {});
};
const sample = (params: readonly string[]) => Object.fromEntries(params.map((name) => [name, NUMBERS.has(name) ? 7 : `a ${name}`]));
const travel = (wire: unknown) => fromWireError(parse(WireError, JSON.parse(JSON.stringify(wire))));

test('every code travels and comes back with its facts, with each of its reasons', () => {
  for (const code of CODES) {
    for (const [reason, names] of [[undefined, []] as const, ...reasonsOf(code)]) {
      const params = sample(names);
      const come = travel({ ...toWireError(new HoldfastError(code), '7f3a91c2'), reason, params });
      assert.deepEqual(
        [come.code, come.reason, come.params, come.retryable, come.correlationId],
        [code, reason, params, describeError(code).retryable === true, '7f3a91c2'],
      );
    }
  }
});

test('what whoever refuses knows better travels too: retryable, and the cause behind it', () => {
  const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
  const sent = new HoldfastError(3020, { reason: 'no-list' }, { retryable: true, cause: new Error('fetch', { cause: refused }) });
  const come = travel(toWireError(sent));
  assert.deepEqual([come.reason, come.retryable, come.because], ['no-list', true, 'refused']);
  assert.equal(travel(toWireError(new HoldfastError('timeout', undefined, { retryable: false }))).retryable, false);
});

/** As docs/behaviour.md has them: the numbers are what help desks know. */
const FIXED: Readonly<Record<LaunchCode, string>> = {
  3000: 'Nothing is saved for it on this device.',
  3002: 'Its saved access is missing or unreadable.',
  3003: 'Its saved access names no location.',
  3004: 'Its saved access lacks connection details.',
  3005: 'The Workspace sent an empty launch file.',
  3006: 'Your saved access has ended.',
  3007: 'Its saved access was altered, so it isn’t used.',
  3008: 'The location gave no decision.',
  3009: 'The location’s answer can’t be trusted.',
  3010: 'Part of the request is missing.',
  3020: 'The location couldn’t check your access.',
  3021: 'None of its locations has it now.',
  3022: 'The location refused.',
  3023: 'No location answered in time.',
  3024: 'Cancelled.',
  3025: 'It was tried several times without success.',
  3026: 'The location answers but can’t start this.',
};

test('B-N7 the launch codes are the fixed ones, and each means what it always meant', () => {
  const means = CODES.filter(isLaunchCode).map((code) => [String(code), everything.codes[code].says]);
  assert.deepEqual(means, Object.entries(FIXED));
  for (const other of [3001, 3011, '3000', 'constructor', Number.NaN]) assert.ok(!isLaunchCode(other));
});

test('what was thrown by mistake is sent without its words, its cause never', () => {
  const bug = toWireError(new Error('/home/mara/secret'));
  assert.deepEqual(bug, { code: 'internal' });
  const refusal = toWireError(new HoldfastError('conflict', { reason: 'locked' }, { cause: new Error('/home/mara/secret') }));
  assert.doesNotMatch(JSON.stringify([bug, refusal]), /secret/u);
});

test('the message is facts in one line', () => {
  assert.equal(new HoldfastError(3006, { reason: 'ended', at: 7 }).message, '3006 ended at=7');
  assert.equal(new HoldfastError('timeout').message, 'timeout');
});

test('the compiler refuses a reason of another code, a missing parameter and a sentence', () => {
  // @ts-expect-error another code's reason
  const other = new HoldfastError('timeout', { reason: 'locked' });
  // @ts-expect-error its parameter is missing
  const lacking = new HoldfastError(3006, { reason: 'ended' });
  // @ts-expect-error a parameter of another type
  const mistyped = new HoldfastError(3006, { reason: 'ended', at: 'noon' });
  assert.deepEqual(
    [other, lacking, mistyped].map(({ name }) => name),
    ['HoldfastError', 'HoldfastError', 'HoldfastError'],
  );
  // @ts-expect-error words
  assert.throws(() => new HoldfastError('timeout', 'It fell silent.').message.includes('fell') || assert.fail());
});

test('a newer peer’s code, reason, parameter or cause becomes something known, never a fault', () => {
  const unknown = travel({ code: 'gone_fishing', reason: 'lake', params: { depth: 7 }, retryable: true, correlationId: '7f3a91c2' });
  assert.deepEqual(
    [unknown.code, unknown.reason, unknown.params, unknown.retryable, unknown.correlationId],
    ['unknown_error', 'code', { code: 'gone_fishing' }, true, '7f3a91c2'],
  );
  assert.deepEqual(travel({ code: 3099 }).params, { code: '3099' });
  assert.equal(travel({ code: 3006, cause: 'solar-flare' }).because, undefined);
});

test('a reason that this version does not know, or that comes without its parameters, is passed on and gets no sentence', () => {
  for (const more of [
    { reason: 'lake', params: { depth: 7 } },
    { reason: 'constructor' },
    { reason: 'ended', params: { until: 7 } },
    { reason: 'ended' },
    { params: { at: 7 } },
  ]) {
    const come = travel({ code: 3006, ...more });
    assert.deepEqual([come.code, come.reason], [3006, more.reason]);
    assert.equal(thrownWords(come, everything).detail, '', JSON.stringify(more));
  }
  const more = travel({ code: 3006, reason: 'ended', params: { at: 7, unit: 's' } });
  assert.equal(thrownWords(more, everything).detail, 'It ended 1970-01-01T00:00:07.000Z.');
});

test('parameters have caps, and no control characters', () => {
  const ended = { code: 'not_found', reason: 'feed' };
  const refused = [{ id: 'x'.repeat(301) }, { id: 'a\u0000b' }, { id: 'a\nb' }, { 'no name': 'x' }, { id: 0.5 }, { id: null }];
  for (const params of refused) assert.ok(!v.is(WireError, { ...ended, params }), JSON.stringify(params));
  for (const code of ['', 'a b', 30, 0.5, null, 'x'.repeat(41)]) assert.ok(!v.is(WireError, { code }), String(code));
  const long = toWireError(new HoldfastError('not_found', { reason: 'feed', id: `a\n\u0000${'x'.repeat(400)}` }));
  assert.ok(v.is(WireError, long), 'what is sent is cut and cleaned');
});

test('a refusal by a peer’s refusal has its cause', () => {
  const theirs = new HoldfastError('unavailable', undefined, { because: 'dns' });
  assert.equal(new HoldfastError(3023, undefined, { cause: theirs }).because, 'dns');
  assert.equal(new HoldfastError(3023, undefined, { cause: theirs, because: 'timeout' }).because, 'timeout');
});

test('nobody answered when it was unavailable or too late, and not when somebody decided or a bug was thrown', () => {
  assert.deepEqual([new HoldfastError('unavailable'), new HoldfastError('timeout')].map(isUnanswered), [true, true]);
  assert.deepEqual([new HoldfastError('conflict'), new Error('timeout'), { code: 'timeout' }, undefined].map(isUnanswered), [
    false,
    false,
    false,
    false,
  ]);
});

test('faults of one kind that were found together travel together, at most ten of them', () => {
  const fault = (id: string) => new HoldfastError('not_found', { reason: 'feed', id });
  const others = Array.from({ length: 12 }, (_, n) => fault(`feed-${n}`));
  const unlike = [new HoldfastError('conflict', { reason: 'locked' }), new HoldfastError('not_found')];
  const all = new HoldfastError('not_found', { reason: 'feed', id: 'first' }, { also: [...unlike, ...others] });
  const wire = toWireError(all);
  assert.deepEqual(
    wire.also?.map(({ reason, params }) => `${reason} ${params?.['id']}`),
    Array.from({ length: 9 }, (_, n) => `feed feed-${n}`),
  );
  assert.equal(travel(wire).also.length, 9);
  assert.deepEqual(travel(wire).also[0]?.params, { id: 'feed-0' });
  const one = toWireError(new HoldfastError('not_found', { reason: 'feed', id: 'first' }, { also: [fault('second')] }));
  assert.deepEqual(one.also, [{ reason: 'feed', params: { id: 'second' } }]);
  assert.equal(travel(one).also.length, 1);
  assert.ok(!('also' in toWireError(fault('alone'))) && !('also' in parse(WireError, toWireError(fault('alone')))));
  assert.ok(!('also' in parse(WireError, { code: 'gone_fishing', also: [{ reason: 'lake' }] })), 'of a code that nobody knows here');
});

test('an error keeps the correlation ID that it was given, unless its sender knows another', () => {
  const known = new HoldfastError('conflict', undefined, { correlationId: '7f3a91c2' });
  assert.equal(toWireError(known).correlationId, '7f3a91c2');
  assert.equal(toWireError(known, '04be04be').correlationId, '04be04be');
  assert.ok(!('correlationId' in toWireError(new HoldfastError('conflict'))));
});

test('an error has at most eight parameters, and a code of four digits or of one word', () => {
  const many = (count: number) => ({ code: 'conflict', params: Object.fromEntries(Array.from({ length: count }, (_, n) => [`p${n}`, n])) });
  assert.deepEqual([v.is(WireError, many(8)), v.is(WireError, many(9))], [true, false]);
  assert.deepEqual(
    [999, 1_000, 9_999, 10_000].map((code) => v.is(WireError, { code })),
    [false, true, true, false],
  );
});

test('what is sent of a text parameter is its beginning', () => {
  const { params } = toWireError(new HoldfastError('not_found', { reason: 'feed', id: `a\n${'x'.repeat(400)}` }));
  assert.equal(params?.['id'], `a ${'x'.repeat(298)}`);
  assert.deepEqual(toWireError(new HoldfastError('not_found', { reason: 'feed', id: '' })).params, { id: '' });
});
