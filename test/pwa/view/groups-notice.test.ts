import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupsNoticeOf } from '../../../pwa/view/groups-notice.ts';
import { sessionOf } from '../people.ts';

const said = sessionOf('mara-keller-1', 'Mara Keller', 'https://workspace.example');
const { groups: _, ...unsaid } = said.user;

test('B-I2f a person whose provider did not say the groups is told why apps may be missing, until they put it away', () => {
  const titles = (session: typeof said | undefined, groupsNoticeAway = false) =>
    groupsNoticeOf({ session, groupsNoticeAway }).map(({ title }) => title);
  assert.deepEqual(titles({ ...said, user: unsaid }), ['Your groups couldn’t be read at sign-in']);
  assert.deepEqual(titles({ ...said, user: unsaid }, true), []);
  assert.deepEqual(titles({ ...said, user: { ...unsaid, groups: [] } }), [], 'who is in no group');
  assert.deepEqual(titles(undefined), [], 'in an outage nobody has been asked');
});
