import assert from 'node:assert/strict';
import test from 'node:test';
import { Cause } from '#protocol/causes';
import { type ErrorCode, HoldfastError, LAUNCH_ERRORS, SERVICE_ERRORS, WireError } from '#protocol/errors';
import { parse } from '#protocol/parse';
import { REASONS } from '#protocol/reasons';
import { thrownWords, wholeLine, wordsOf } from '#protocol/words';
import { everything } from '#protocol/words/everything';
import { people } from '#protocol/words/language';
import { OF_THE_CODE } from '../architecture/shown.ts';

type Listed<T> = Readonly<Record<string, Readonly<Record<string, T>>>>;
const CODES = [...Object.keys(LAUNCH_ERRORS).map(Number), ...Object.keys(SERVICE_ERRORS)].map(
  (code): ErrorCode => parse(WireError, { code }).code,
);

test('every code says what happened and what to do; only a cancelled launch needs nothing done', () => {
  for (const code of CODES) {
    const { says, remedy } = everything.codes[code];
    assert.match(says, /^[A-Z].*\.$/u, String(code));
    assert.match(remedy, code === 3024 ? /^$/u : /^[A-Z].*\.$/u, String(code));
  }
  assert.deepEqual(Object.keys(everything.codes).sort(), CODES.map(String).sort());
  assert.deepEqual(Object.keys(everything.causes).sort(), [...Cause.options].sort());
});

test('every reason has its sentence, with just its parameters', () => {
  const params: Listed<readonly string[]> = REASONS;
  const sentences: Listed<string | undefined> = { ...everything.reasons };
  assert.deepEqual(Object.keys(sentences).sort(), Object.keys(params).sort());
  for (const [code, reasons] of Object.entries(params)) {
    assert.deepEqual(Object.keys(sentences[code] ?? {}).sort(), Object.keys(reasons).sort(), code);
    for (const [reason, names] of Object.entries(reasons)) {
      const sentence = sentences[code]?.[reason] ?? '';
      assert.notEqual(sentence, '', `${code} ${reason}`);
      const placeholders = [...sentence.matchAll(/\{(?<name>[a-z]+)\}/gu)].map(({ groups }) => groups?.['name'] ?? '');
      assert.deepEqual(placeholders.sort(), [...names].sort(), `${code} ${reason}`);
    }
  }
});

test('the words of an error: filled in, with the time as it is read and the cause', () => {
  const ended = wordsOf({ code: 3006, reason: 'ended', params: { at: 1_800_000_000 } }, people);
  assert.deepEqual(ended, {
    says: 'Your saved access has ended.',
    detail: 'It ended 2027-01-15T08:00:00.000Z.',
    remedy: 'Reconnect to Workspace.',
  });
  assert.equal(wordsOf({ code: 3006, reason: 'ended', params: { at: 7 } }, people, () => 'at noon').detail, 'It ended at noon.');
  assert.equal(
    wholeLine(wordsOf({ code: 3023, cause: 'refused' }, people)),
    'No location answered in time. (refused the connection) Try again.',
  );
});

test('no sentence for people has a command, a setting or a word of the code', () => {
  const sentences = [
    ...Object.values(people.codes).flatMap(({ says, remedy }) => [says, remedy]),
    ...Object.values(people.causes),
    ...Object.values(people.reasons).flatMap((reasons) => Object.values(reasons)),
  ];
  assert.deepEqual(
    sentences.filter((sentence) => OF_THE_CODE.test(sentence)),
    [],
  );
});

test('a sentence for people is of a reason that there is, and has no parameter but that one’s', () => {
  const params: Listed<readonly string[]> = REASONS;
  for (const [code, reasons] of Object.entries<Readonly<Record<string, string>>>({ ...people.reasons })) {
    for (const [reason, sentence] of Object.entries(reasons)) {
      const names = params[code]?.[reason];
      assert.ok(names !== undefined, `${code} ${reason}`);
      for (const { groups } of sentence.matchAll(/\{(?<name>\w+)\}/gu)) assert.ok(names.includes(groups?.['name'] ?? ''), sentence);
    }
  }
});

test('what operators are told is no part of what people at a device are shown', () => {
  const wire = { code: 'bad_request', reason: 'option-missing', params: { option: '--config FILE' } } as const;
  assert.equal(wordsOf(wire, everything).detail, 'Missing --config FILE.');
  assert.equal(wordsOf(wire, people).detail, '');
});

test('a bug is an internal error; everything that was found at once is told, a line each', () => {
  assert.equal(thrownWords(new Error('secret'), everything).says, 'Internal error.');
  const also = [new HoldfastError('bad_config', { reason: 'secret-empty', path: '/b' })];
  const found = new HoldfastError('bad_config', { reason: 'file-missing', path: '/a' }, { also });
  assert.equal(thrownWords(found, everything).detail, '/a is missing.\nThe secret in /b is empty.');
});

test('a newer peer’s error has words', () => {
  const { says, detail } = wordsOf(parse(WireError, { code: 'gone_fishing' }), people);
  assert.deepEqual([says, detail], ['The other side is newer: this version doesn’t know its error.', 'Its code is gone_fishing.']);
  assert.equal(wordsOf(parse(WireError, { code: 3006, reason: 'lake' }), people).says, 'Your saved access has ended.');
});

test('words stand without gaps where nothing more is known', () => {
  assert.equal(wholeLine(wordsOf({ code: 3024 }, people)), 'Cancelled.');
  const found = new HoldfastError('bad_config', undefined, {
    also: [new HoldfastError('bad_config', { reason: 'file-missing', path: '/a' })],
  });
  assert.equal(thrownWords(found, everything).detail, '/a is missing.');
});

test('a sentence has all of its parameters or is not said; only a time is written as one', () => {
  const wire = { code: 'bad_request', reason: 'field' } as const;
  const said = (params: Record<string, string | number>) => wordsOf({ ...wire, params }, everything).detail;
  assert.notEqual(said({ field: 'port', expected: '7400' }), '');
  for (const params of [{ field: 'port' }, { expected: '7400' }, {}]) assert.equal(said(params), '');
  assert.ok(said({ field: 'port', expected: 7_400 }).includes('7400'), 'a number is no time');
  assert.equal(wordsOf({ code: 3006, reason: 'ended', params: { at: 'noon' } }, people).detail, 'It ended noon.');
});
