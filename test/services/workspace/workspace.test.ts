import assert from 'node:assert/strict';
import test from 'node:test';
import { FeedDocument, MARKER_HEADER } from '#protocol/feed';
import { LIMITS } from '#protocol/limits';
import { parseJson } from '#protocol/parse';
import { PortalSession } from '#protocol/workspace-api';
import { openBrowser } from '../cookie-browser.ts';
import { MARA, PASSWORD, startWholeCloud } from '../whole-cloud.ts';

test('B-W1 a person signs in and sees apps and web links, each with an icon', async (t) => {
  const cloud = await startWholeCloud(t);
  const browser = openBrowser(t);
  assert.equal((await browser.ask(`${cloud.origin}/api/v1/session`)).status, 401);

  const page = await browser.open(`${cloud.origin}/auth/sign-in?next=/`);
  assert.match(page.text, /<label for="username">User name<\/label>/u);
  const shell = await browser.submit(page, { username: MARA, password: PASSWORD });
  assert.equal(shell.url, `${cloud.origin}/`);
  assert.equal(shell.status, 200);

  const session = parseJson(PortalSession, (await browser.ask(`${cloud.origin}/api/v1/session`)).text, LIMITS.requestBodyBytes);
  assert.equal(session.user.upn, MARA);
  assert.deepEqual(session.user.groups, ['Staff']);
  const apps = await browser.ask(`${cloud.origin}/api/v1/feeds/apps`);
  assert.equal(apps.status, 200, apps.text);
  assert.equal(apps.headers[MARKER_HEADER], '1');
  const document = parseJson(FeedDocument, apps.text, LIMITS.feedBytes);
  assert.deepEqual(
    document.resources.map(({ id }) => id),
    ['terminal', 'archive', 'payroll'],
  );
  const icon = await browser.ask(`${cloud.origin}${document.resources[0]?.icon}`);
  assert.match(icon.text, /^<svg/u);
});
