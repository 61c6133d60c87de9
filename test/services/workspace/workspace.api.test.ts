import assert from 'node:assert/strict';
import test from 'node:test';
import { judgePageToken } from '#core/access/page-token';
import { judgeLaunchFile } from '#core/lease/judge-launch-file';
import { judgeTicket } from '#core/lease/judge-ticket';
import { openJws } from '#core/trust/jws';
import { CORRELATION_HEADER, FeedDocument, Health, MARKER_HEADER } from '#protocol/feed';
import { TYP } from '#protocol/jose';
import { LaunchFile, Signed } from '#protocol/lease';
import { LIMITS } from '#protocol/limits';
import { parseJson } from '#protocol/parse';
import { WorkspaceTrust } from '#protocol/workspace-api';
import { nodeCrypto } from '#runtime/jose/primitives';
import { newDevice } from '../device.ts';
import { signIn } from '../person.ts';
import { registration, report } from '../session-host-report.ts';
import { MARA, PASSWORD, startWholeCloud } from '../whole-cloud.ts';

const now = () => Math.floor(Date.now() / 1_000);
const codeOf = (text: string) => JSON.parse(text).error?.code;

test('B-L8a, B-R8b an online launch yields a ticket for one redeemer, this device and 90 seconds, and the way to where the resource is', async (t) => {
  const cloud = await startWholeCloud(t);
  const person = await signIn(t, cloud, MARA, PASSWORD);
  const device = newDevice();
  await report(cloud.connector, cloud.urls.broker, [registration('host-1')]);
  const headers = { [CORRELATION_HEADER]: 'c0ffee00-1234' };
  const answer = await person.post('/api/v1/launches', { resource: { feed: 'apps', id: 'terminal' }, jkt: device.jkt }, headers);
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.headers[CORRELATION_HEADER], 'c0ffee00-1234');
  const file = parseJson(LaunchFile, answer.text, LIMITS.requestBodyBytes);
  assert.equal(file.correlationId, 'c0ffee00-1234');
  const shown = { ticket: file.ticket, statement: file.statement, jkt: device.jkt, location: 'zurich' };
  const judged = judgeTicket(nodeCrypto, cloud.connector.trust(), shown, now(), { id: 'zurich-1', startedAt: now() - 10 });
  assert.ok(judged.ok, JSON.stringify(judged));
  assert.equal(judged.value.exp - judged.value.iat, 90);
  const resource = { feed: 'apps', id: 'terminal' };
  const opened = judgeLaunchFile(nodeCrypto, cloud.connector.trust(), file, { resource, jkt: device.jkt }, now());
  assert.ok(opened.ok, JSON.stringify(opened));
  assert.deepEqual(opened.value.location.id, 'zurich', 'the way there is signed by the broker, whatever the Workspace says');
  const other = judgeTicket(nodeCrypto, cloud.connector.trust(), shown, now(), { id: 'zurich-2', startedAt: 0 });
  assert.equal(other.ok, false);
  assert.equal(
    codeOf((await person.post('/api/v1/launches', { resource: { feed: 'apps', id: 'secret' }, jkt: device.jkt })).text),
    'not_entitled',
  );
});

test('the Workspace names to a native host, for its challenge, the person of the session and nobody else', async (t) => {
  const cloud = await startWholeCloud(t);
  const person = await signIn(t, cloud, MARA, PASSWORD);
  const challenge = 'c'.repeat(22);
  const answer = await person.post('/api/v1/page-token', { challenge, subject: 'somebody-else-1' });
  assert.equal(answer.status, 200, answer.text);
  const signed = parseJson(Signed, answer.text, LIMITS.requestBodyBytes);
  const judged = judgePageToken(nodeCrypto, cloud.connector.trust(), signed, cloud.origin, now());
  assert.ok(judged.ok, JSON.stringify(judged));
  assert.deepEqual([judged.value.sub, judged.value.challenge], [person.session.user.subject, challenge]);
  const forged = await person.post('/api/v1/page-token', { challenge }, { 'holdfast-csrf': 'x'.repeat(22) });
  assert.equal(forged.status, 403, 'another page has it not signed');
});

test('requests are refused with a code: no token of the page, wrong types, too large, unknown', async (t) => {
  const cloud = await startWholeCloud(t);
  const person = await signIn(t, cloud, MARA, PASSWORD);
  const jkt = newDevice().jkt;
  const refused = async (answer: Promise<{ status: number; text: string }>) => {
    const { status, text } = await answer;
    return `${status} ${codeOf(text)}`;
  };
  const launch = (body: object, headers = {}) => refused(person.post('/api/v1/launches', body, headers));
  assert.equal(
    await launch({ resource: { feed: 'apps', id: 'terminal' }, jkt }, { 'holdfast-csrf': 'x'.repeat(22) }),
    '403 forbidden_caller',
  );
  assert.equal(await launch({ resource: { feed: 'apps', id: 'terminal' }, jkt }, { origin: 'https://evil.test' }), '403 forbidden_caller');
  assert.equal(await launch({ resource: 7, jkt }), '400 bad_request');
  assert.equal(await launch({ resource: 'terminal', jkt }), '400 bad_request', 'an id without its feed');
  assert.equal(await launch({ resource: { feed: 'web', id: 'terminal' }, jkt }), '404 not_found', 'a link is not launched');
  assert.equal(await launch({ resource: { feed: 'other', id: 'terminal' }, jkt }), '404 not_found', 'no such feed');
  assert.equal(await launch({ resource: { feed: 'apps', id: 'terminal' }, jkt }, { 'content-type': 'text/plain' }), '400 bad_request');
  assert.equal(await launch({ resource: { feed: 'apps', id: 'a'.repeat(LIMITS.requestBodyBytes) }, jkt }), '413 too_large');
  assert.equal(await refused(person.get('/api/v1/feeds/nothing')), '404 not_found');
  assert.equal(await refused(person.get('/api/v2/whatever')), '404 not_found');
});

test('every answer of ours carries the marker, refusals and files too', async (t) => {
  const cloud = await startWholeCloud(t);
  const person = await signIn(t, cloud, MARA, PASSWORD);
  for (const path of [
    '/',
    '/sw.js',
    '/assets/portal-AbCdEf123456.js',
    '/api/v1/session',
    '/nothing',
    '/icons/none.svg',
    '/auth/callback',
  ]) {
    assert.equal((await person.get(path)).headers[MARKER_HEADER], '1', path);
  }
});

test('the shell is always asked for again, what has its hash in its name never', async (t) => {
  const cloud = await startWholeCloud(t);
  const person = await signIn(t, cloud, MARA, PASSWORD);
  const cacheOf = async (path: string) => (await person.get(path)).headers['cache-control'];
  assert.equal(await cacheOf('/'), 'no-cache');
  assert.equal(await cacheOf('/sw.js'), 'no-cache');
  assert.equal(await cacheOf('/assets/portal-AbCdEf123456.js'), 'public, max-age=31536000, immutable');
  assert.match(String((await person.get('/')).headers['content-security-policy']), /script-src 'self'/u);
});

test('B-I9c the portal runs under Trusted Types, and no answer is read as another type or by another window', async (t) => {
  const cloud = await startWholeCloud(t);
  const person = await signIn(t, cloud, MARA, PASSWORD);
  const policy = String((await person.get('/')).headers['content-security-policy']);
  assert.match(policy, /require-trusted-types-for 'script'; trusted-types lit-html holdfast-worker/u);
  for (const path of [
    '/',
    '/sw.js',
    '/api/v1/session',
    '/api/v1/feeds/web',
    '/nothing',
    '/auth/callback',
    '/.well-known/holdfast/health',
  ]) {
    const answer = await person.get(path);
    assert.equal(answer.headers['x-content-type-options'], 'nosniff', path);
    assert.equal(answer.headers['cross-origin-opener-policy'], 'same-origin', path);
  }
});

test('a feed that did not change is not sent again, and one feed’s failure is its own', async (t) => {
  const cloud = await startWholeCloud(t);
  const person = await signIn(t, cloud, MARA, PASSWORD);
  const at = Date.now();
  t.mock.method(Date, 'now', () => at);
  const first = await person.get('/api/v1/feeds/apps');
  const document = parseJson(FeedDocument, first.text, LIMITS.feedBytes);
  assert.equal(document.subject, person.session.user.subject);
  const again = await person.get('/api/v1/feeds/apps', { 'if-none-match': String(first.headers['etag']) });
  assert.equal(again.status, 304);
  assert.equal(again.text, '');
  await cloud.services.broker.stop();
  const gone = await person.get('/api/v1/feeds/apps');
  assert.equal(`${gone.status} ${codeOf(gone.text)}`, '503 unavailable');
  assert.equal((await person.get('/api/v1/feeds/web')).status, 200);
});

test('the health document is signed by the key that the Workspace’s statement names', async (t) => {
  const cloud = await startWholeCloud(t);
  const person = await signIn(t, cloud, MARA, PASSWORD);
  const trust = parseJson(WorkspaceTrust, (await person.get('/.well-known/holdfast/trust')).text, LIMITS.leaseSyncBytes);
  assert.deepEqual(trust.rootBundle, cloud.connector.trust().signedBundle);
  await cloud.connector.refresh();
  const stated = cloud.connector.statements().find(({ role }) => role === 'workspace');
  assert.ok(stated);
  const { text } = await person.get('/.well-known/holdfast/health');
  const opened = openJws(nodeCrypto, text, TYP.health, Health, [stated.keys.sign]);
  assert.ok(opened.ok);
  assert.equal(opened.value.iss, 'workspace');
  assert.equal(opened.value.identity.state, 'up');
});
