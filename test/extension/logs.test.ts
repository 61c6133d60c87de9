import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog, mergeLogs, withoutSecrets } from '../../extension/logs.ts';

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
  assert.equal(withoutSecrets(`got ${token} here`), 'got [left out] here');
  assert.equal(withoutSecrets('to https://a.example/auth/callback?code=abc&state=d'), 'to https://a.example/auth/callback');
  assert.equal(withoutSecrets('cookie: sid=12345'), 'cookie: [left out]');
  assert.equal(
    withoutSecrets('launch 01234567-89ab refused: 3006, host login.contoso.example'),
    'launch 01234567-89ab refused: 3006, host login.contoso.example',
  );
});

test('the log keeps its newest 400 lines', () => {
  const log = createLog(
    () => 0,
    [],
    () => undefined,
  );
  for (let at = 0; at < 450; at += 1) log.write(`line ${at}`);
  assert.equal(log.lines().length, 400);
  assert.match(log.lines().at(-1) ?? '', /line 449$/u);
});
