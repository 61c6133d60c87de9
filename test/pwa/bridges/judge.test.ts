import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer } from '../../../pwa/bridges/answer.ts';
import { copyText } from '../../../pwa/bridges/copy.ts';
import { judgeLaunch, judgeSession, judgeSignOut } from '../../../pwa/bridges/judge.ts';
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
