import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeLogs } from '../../../extension/log/merge.ts';

test('B-E8 one file, in order of time, without tokens, cookies and query strings', () => {
  const token = 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl';
  const text = mergeLogs([
    ['2030-05-02T10:00:00.000Z extension one', '2030-05-02T10:00:02.000Z extension three', 'and its second line'],
    [`{"time":${Date.parse('2030-05-02T10:00:01Z')},"msg":"two","token":"${token}"}`],
  ]);
  assert.deepEqual(
    text.split('\n').map((line) => /one|two|three|second/u.exec(line)?.[0]),
    ['one', 'two', 'three', 'second', undefined],
  );
  assert.ok(!text.includes(token));
});
