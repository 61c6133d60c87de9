import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Answer } from '../../../pwa/bridges/answer.ts';
import { copyText } from '../../../pwa/bridges/copy.ts';
import { judgeDevice, judgeLaunch, judgePageToken, judgeSession, judgeSignOut } from '../../../pwa/bridges/judge.ts';
import { judgeFeed } from '../../../pwa/bridges/judge-feed.ts';
import { documentsOf, sessionOf } from '../people.ts';

const MARA = 'mara-keller-1';
const session = sessionOf(MARA, 'Mara Keller', 'https://workspace.example');
const [apps] = documentsOf(MARA, 1);
assert.ok(apps !== undefined);

const answer = (body: unknown, change: Partial<Extract<Answer, { is: 'answer' }>> = {}): Answer => ({
  is: 'answer',
  status: 200,
  ours: true,
  contentType: 'application/json; charset=utf-8',
  text: typeof body === 'string' ? body : JSON.stringify(body),
  ...change,
});
const refusal = (code: string) => ({ error: { code } });
const LOST: Answer = { is: 'lost', cause: 'timeout' };

const causeOf = (verdict: ReturnType<typeof judgeSession> | ReturnType<typeof judgeFeed> | ReturnType<typeof judgeLaunch>): string =>
  verdict.is === 'failed' ? verdict.cause : verdict.is;

test('a sign-out leads to the provider’s own, over TLS, and only by an answer of ours', () => {
  const next = 'https://login.example/end?hint=a.b.c';
  assert.deepEqual(judgeSignOut(answer({ next })), { is: 'ended', next });
  assert.deepEqual(judgeSignOut(answer({})), { is: 'ended', next: undefined });
  for (const other of ['http://login.example/', 'javascript:alert(1)']) assert.equal(judgeSignOut(answer({ next: other })).is, 'failed');
  assert.equal(judgeSignOut(answer({ next }, { ours: false })).is, 'failed');
});

test('only a marked 401 of ours means: sign in', () => {
  assert.equal(causeOf(judgeSession(answer(session))), 'signedIn');
  assert.equal(causeOf(judgeSession(answer(refusal('not_signed_in'), { status: 401 }))), 'signIn');
  assert.equal(causeOf(judgeSession(answer(refusal('not_signed_in'), { status: 401, ours: false }))), 'not-ours');
  assert.equal(causeOf(judgeSession(answer('<h1>401</h1>', { status: 401 }))), 'not-authenticated');
  assert.equal(causeOf(judgeSession(answer('', { status: 0, ours: false, contentType: '' }))), 'not-ours');
});

test('causes are kept apart', () => {
  const cases: readonly (readonly [string, Answer])[] = [
    ['timeout', LOST],
    ['network', { is: 'lost', cause: 'network' }],
    ['server-error', answer('down', { status: 503, ours: false })],
    ['not-ours', answer('<h1>Welcome to the hotel</h1>', { ours: false, contentType: 'text/html' })],
    ['not-ours', answer(apps, { ours: false })],
    ['not-authenticated', answer(refusal('not_signed_in'), { status: 401 })],
    ['not-authenticated', answer(refusal('forbidden_caller'), { status: 403 })],
    ['bad-document', answer('<h1>hello</h1>', { contentType: 'text/html' })],
    ['bad-document', answer(JSON.stringify(apps).slice(0, -20))],
    ['bad-document', answer({ ...apps, v: 2 })],
    ['bad-document', answer({ ...apps, feed: 'web' })],
    ['not-authenticated', answer({ ...apps, subject: 'somebody-else' })],
    ['document', answer(apps)],
    ['emptied', answer({ ...apps, resources: [] })],
    ['not-authenticated', answer({ ...apps, subject: 'somebody-else', resources: [] })],
  ];
  for (const [expected, got] of cases) assert.equal(causeOf(judgeFeed(got, 'apps', MARA)), expected, JSON.stringify(got).slice(0, 120));
});

test('only our own denial keeps the lease from being used', () => {
  assert.equal(causeOf(judgeLaunch(answer(refusal('blocked'), { status: 403 }))), 'denied');
  assert.equal(causeOf(judgeLaunch(answer(refusal('not_entitled'), { status: 403 }))), 'denied');
  assert.equal(causeOf(judgeLaunch(answer(refusal('blocked'), { status: 403, ours: false }))), 'not-ours');
  assert.equal(causeOf(judgeLaunch(answer(refusal('forbidden_caller'), { status: 403 }))), 'not-authenticated');
  assert.equal(causeOf(judgeLaunch(answer(refusal('unavailable'), { status: 503 }))), 'server-error');
  assert.equal(causeOf(judgeLaunch(LOST)), 'timeout');
});

test('the worker’s copy is a failure with its cause, and counts only for this person and feed', () => {
  const copy = (text: string): Answer => ({ is: 'copy', cause: 'timeout', text });
  const text = copyText(apps, 1);
  assert.deepEqual(judgeFeed(copy(text), 'apps', MARA), { is: 'failed', cause: 'timeout', copy: apps });
  assert.deepEqual(judgeFeed(copy(text), 'apps', 'jon-brunner-2'), { is: 'failed', cause: 'timeout', copy: undefined });
  assert.deepEqual(judgeFeed(copy(text), 'web', MARA), { is: 'failed', cause: 'timeout', copy: undefined });
  assert.deepEqual(judgeFeed(copy(''), 'apps', MARA), { is: 'failed', cause: 'timeout', copy: undefined });
  assert.equal(causeOf(judgeSession(copy(JSON.stringify(session)))), 'timeout');
});

describe('B-W20a only an answer of the Workspace’s own ends a session', () => {
  const signedOut = refusal('not_signed_in');
  const JUDGED: Readonly<Record<string, readonly [Answer, verdict: string]>> = {
    'its own word': [answer(signedOut, { status: 401 }), 'signIn'],
    'the same word of somebody else': [answer(signedOut, { status: 401, ours: false }), 'not-ours'],
    'its word with another status': [answer(signedOut, { status: 403 }), 'not-authenticated'],
    'another word of its own': [answer(refusal('forbidden_caller'), { status: 401 }), 'not-authenticated'],
    'a 401 without a word': [answer('', { status: 401 }), 'not-authenticated'],
    'a server’s error': [answer(signedOut, { status: 500 }), 'server-error'],
    'a page in place of it': [answer('<h1>Welcome</h1>', { contentType: 'text/html' }), 'bad-document'],
    'a redirect': [answer(session, { status: 300 }), 'bad-document'],
    'something before 200': [answer(session, { status: 199 }), 'bad-document'],
    'a session': [answer(session, { status: 299 }), 'signedIn'],
    'a session of another shape': [answer({ ...session, csrf: 5 }), 'bad-document'],
    'a copy': [{ is: 'copy', cause: 'dns', text: JSON.stringify(session) }, 'dns'],
    nothing: [LOST, 'timeout'],
  };
  for (const [name, [given, verdict]] of Object.entries(JUDGED)) test(name, () => assert.equal(causeOf(judgeSession(given)), verdict));
});

describe('a device that registers', () => {
  const many = { error: { code: 'too_many', reason: 'person-devices' } };
  test('gets its token', () =>
    assert.deepEqual(judgeDevice(answer({ token: 'a.b.c', expires: 2_000_000_000 })), { is: 'token', token: 'a.b.c' }));
  test('is one too many by the Workspace’s own word only', () => {
    assert.equal(judgeDevice(answer(many, { status: 429 })).is, 'refused');
    assert.equal(judgeDevice(answer(many, { status: 429, ours: false })).is, 'failed');
    assert.equal(judgeDevice(answer(many, { status: 403 })).is, 'failed');
    assert.equal(judgeDevice(answer(refusal('too_many'), { status: 429 })).is, 'failed');
    assert.equal(judgeDevice(LOST).is, 'failed');
  });
});

describe('a launch', () => {
  const denied = (code: string, change: object = {}) => judgeLaunch(answer(refusal(code), { status: 403, ...change })).is;
  test('is denied by the Workspace’s own two words', () => {
    assert.deepEqual(
      ['blocked', 'not_entitled', 'forbidden_caller'].map((code) => denied(code)),
      ['denied', 'denied', 'failed'],
    );
    assert.deepEqual([denied('blocked', { ours: false }), denied('blocked', { status: 401 })], ['failed', 'failed']);
  });
});

test('what the Workspace signs for the host is passed on as it is', () => {
  const signed = { token: 'a.b.c', statement: 'a.b.c' };
  assert.deepEqual(judgePageToken(answer(signed)), { is: 'signed', signed });
  assert.deepEqual(judgePageToken(answer({ token: 5 })), { is: 'failed', cause: 'bad-document' });
});
