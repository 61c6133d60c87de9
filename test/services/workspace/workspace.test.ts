import assert from 'node:assert/strict';
import test from 'node:test';
import { FeedDocument, MARKER_HEADER } from '#protocol/feed';
import { LIMITS } from '#protocol/limits';
import { parseJson } from '#protocol/parse';
import { PortalSession } from '#protocol/workspace-api';
import { openBrowser } from '../cookie-browser.ts';
import { MARA, PASSWORD, startWholeCloud } from '../whole-cloud.ts';

test('B-W1a a person signs in and sees apps and web links, each with an icon', async (t) => {
  const cloud = await startWholeCloud(t);
  const browser = openBrowser(t);
  assert.equal((await browser.ask(`${cloud.origin}/api/v1/session`)).status, 401);

  const page = await browser.open(`${cloud.origin}/auth/sign-in?next=/`);
  assert.ok(page.url.startsWith(`${cloud.issuer}/`), 'the identity service asks, not the Workspace');
  assert.match(page.text, /<label for="username">User name<\/label>/u);
  const shell = await browser.submit(page, { username: MARA, password: PASSWORD });
  assert.equal(shell.url, `${cloud.origin}/`);
  assert.equal(shell.status, 200);

  const session = parseJson(PortalSession, (await browser.ask(`${cloud.origin}/api/v1/session`)).text, LIMITS.requestBodyBytes);
  assert.equal(session.user.upn, MARA);
  assert.deepEqual(session.user.groups, ['Staff']);
  const published = { apps: ['terminal', 'archive', 'payroll'], web: ['handbook'] };
  for (const [feed, ids] of Object.entries(published)) {
    const answer = await browser.ask(`${cloud.origin}/api/v1/feeds/${feed}`);
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.headers[MARKER_HEADER], '1');
    const { resources } = parseJson(FeedDocument, answer.text, LIMITS.feedBytes);
    assert.deepEqual(
      resources.map(({ id }) => id),
      ids,
    );
    for (const { id, icon } of resources) assert.match((await browser.ask(`${cloud.origin}${icon}`)).text, /^<svg/u, id);
  }
});
