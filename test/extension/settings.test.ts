/** Policy, identity, causes and logs: the extension's small decisions. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { extensionId } from '../../extension/id.ts';
import { createLog, mergeLogs, withoutSecrets } from '../../extension/logs.ts';
import { causeOf } from '../../extension/watch/failure.ts';
import { allWorkspaces, effectiveTimeout, readPolicy } from '../../extension/workspaces/policy.ts';

test('B-E1 the login timeout is on with 30 seconds until somebody chooses', () => {
  assert.deepEqual(effectiveTimeout({}, null), { on: true, seconds: 30, locked: false });
  assert.deepEqual(effectiveTimeout({}, { on: false, seconds: 45 }), { on: false, seconds: 45, locked: false });
});

test('B-E11 a policy is a wish until it is locked', () => {
  const wish = { loginTimeout: { seconds: 60, locked: false } } as const;
  assert.deepEqual(effectiveTimeout(wish, null), { on: true, seconds: 60, locked: false });
  assert.deepEqual(effectiveTimeout(wish, { on: true, seconds: 15 }), { on: true, seconds: 15, locked: false });
  const locked = { loginTimeout: { on: true, seconds: 45, locked: true } } as const;
  assert.deepEqual(effectiveTimeout(locked, { on: false, seconds: 15 }), { on: true, seconds: 45, locked: true });
});

test('B-E11 no policy yet is not an empty policy, and one bad value does not void the rest', () => {
  assert.equal(readPolicy({}), null);
  assert.equal(readPolicy(undefined), null);
  const workspaces = [{ url: 'https://a.example', name: 'A' }];
  assert.deepEqual(readPolicy({ workspaces, loginTimeout: { seconds: 7 } })?.workspaces, workspaces);
});

test('B-E11 Workspaces of policy and host are one list, policy first', () => {
  const a = { url: 'https://a.example', name: 'A' };
  const b = { url: 'https://b.example', name: 'B' };
  assert.deepEqual(allWorkspaces({ workspaces: [a] }, [{ ...a, name: 'other' }, b]), [a, b]);
});

test('the extension’s id follows from the manifest’s key', async () => {
  const { key } = JSON.parse(await readFile(new URL('../../manifest.json', import.meta.url), 'utf8'));
  assert.match(await extensionId(key), /^[a-p]{32}$/u);
  // SHA-256 of no bytes at all is e3b0c44298fc1c149afbf4c8996fb924...
  assert.equal(await extensionId(''), 'odlameecjipmbmbejkplpemijjgpljce');
});

test('B-E6 only an outage is an outage', () => {
  const causes = {
    'net::ERR_CONNECTION_REFUSED': 'refused',
    'net::ERR_NAME_NOT_RESOLVED': 'dns',
    'net::ERR_CERT_AUTHORITY_INVALID': 'tls',
    'net::ERR_TIMED_OUT': 'timeout',
    'net::ERR_INTERNET_DISCONNECTED': 'no-network',
    'net::ERR_EMPTY_RESPONSE': 'closed',
    'net::ERR_ABORTED': null,
    'net::ERR_BLOCKED_BY_CLIENT': null,
    'net::ERR_NETWORK_CHANGED': null,
    NS_BINDING_ABORTED: null,
    NS_ERROR_UNKNOWN_HOST: 'dns',
  };
  for (const [error, cause] of Object.entries(causes)) assert.equal(causeOf(error), cause, error);
});

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
