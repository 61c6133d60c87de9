import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeLogs } from '../../../extension/log/merge.ts';

test('B-E8b one file, in order of time, without tokens, keys, tickets, cookies and query strings', () => {
  const token = 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl';
  const text = mergeLogs([
    ['2030-05-02T10:00:00.000Z extension one', '2030-05-02T10:00:02.000Z extension three', 'and its second line'],
    [`{"time":${Date.parse('2030-05-02T10:00:01Z')},"msg":"two","token":"${token}"}`],
    ['2030-05-02T10:00:03.000Z four cookie: sid=hidden-1', `2030-05-02T10:00:04.000Z five key ${'k'.repeat(43)} ticket: hidden-2`],
    ['2030-05-02T10:00:05.000Z six at https://a.example/auth/callback?code=hidden-3'],
  ]);
  assert.deepEqual(
    text.split('\n').map((line) => /one|two|three|second|four|five|six/u.exec(line)?.[0]),
    ['one', 'two', 'three', 'second', 'four', 'five', 'six', undefined],
  );
  assert.ok(!text.includes(token));
  assert.doesNotMatch(text, /hidden|k{43}/u);
});
