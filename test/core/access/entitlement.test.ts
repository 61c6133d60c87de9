import assert from 'node:assert/strict';
import test from 'node:test';
import { assignmentOf, entitlementOf, isUndecided, type Person } from '#core/access/entitlement';

const entitledBy = (resource: Parameters<typeof entitlementOf>[0], person: Person) => entitlementOf(resource, person)?.name;
const mara = { upn: 'mara@site.test', groups: ['Staff', 'Finance'] };

test('B-I2b entitlements are by user or by group, and say by which', () => {
  const resource = { entitled: { users: ['MARA@site.test'], groups: ['Finance'] } };
  assert.equal(entitledBy(resource, mara), 'MARA@site.test');
  assert.equal(entitledBy(resource, { ...mara, upn: 'otto@site.test' }), 'Finance');
  assert.equal(entitledBy(resource, { upn: 'otto@site.test', groups: [] }), undefined);
});

test('B-I8a a group is entitled in every spelling, a person by no look-alike name', () => {
  const by = (groups: string[], user: Parameters<typeof entitledBy>[1]) =>
    entitledBy({ entitled: { users: ['karl@site.test'], groups } }, user);
  for (const spelled of ['finance', '/Finance', 'FINANCE ']) assert.equal(by([spelled], mara), spelled);
  assert.equal(by(['zu\u0308rich  desk'], { ...mara, groups: ['Z\u00fcrich Desk'] }), 'zu\u0308rich  desk');
  assert.equal(by(['/Other/Finance'], mara), undefined);
  assert.equal(by([], { upn: '\u212aarl@site.test', groups: [] }), undefined);
  assert.equal(by([], { upn: 'Karl@site.test', groups: [] }), 'karl@site.test');
});

test('B-I8e a person is entitled by their id whatever they are called now, and by nobody else’s', () => {
  const resource = { entitled: { users: [], ids: ['x-1'], groups: [] } };
  assert.equal(entitledBy(resource, { ...mara, id: 'x-1', upn: 'mara.new@site.test' }), 'x-1');
  assert.equal(entitledBy(resource, { ...mara, id: 'X-1' }), undefined);
  assert.equal(entitledBy(resource, { ...mara, upn: 'x-1' }), undefined);
  assert.equal(entitledBy(resource, mara), undefined);
});

test('nobody is entitled to a resource that names nobody', () => {
  assert.equal(entitledBy({ entitled: { users: [], groups: [] } }, mara), undefined);
});

test('an assigned machine is found by user principal name in any case', () => {
  assert.deepEqual(assignmentOf({ assigned: { 'Mara@Site.test': 'pc-1' } }, mara), { sessionHost: 'pc-1', hangsOn: ['name'] });
  assert.equal(assignmentOf({ assigned: { 'otto@site.test': 'pc-2' } }, mara), undefined);
  assert.equal(assignmentOf({}, mara), undefined);
});

test('B-I8e an assigned machine is found by the person’s id whatever they are called now, and by nobody else’s', () => {
  const resource = { assigned: { 'mara@site.test': 'pc-1' }, assignedIds: { 'x-1': 'pc-2' } };
  assert.deepEqual(assignmentOf(resource, { ...mara, id: 'x-1' }), { sessionHost: 'pc-2', hangsOn: [] }, 'the id counts before the name');
  assert.equal(assignmentOf(resource, { id: 'x-1', upn: 'mara.new@site.test' })?.sessionHost, 'pc-2');
  assert.equal(assignmentOf(resource, { ...mara, id: 'X-1' })?.sessionHost, 'pc-1');
  assert.equal(assignmentOf(resource, { upn: 'x-1' }), undefined, 'a name is no id');
  assert.equal(assignmentOf({ assigned: { 'x-1': 'pc-1' } }, { id: 'x-1', upn: 'otto@site.test' }), undefined, 'an id is no name');
  assert.equal(assignmentOf({ assignedIds: {} }, { id: 'toString', upn: 'otto@site.test' }), undefined);
});

test('a resource is undecided for whom it could be, if what their provider left out were known', () => {
  const subject = 'subject-of-mara';
  const isOpen = (entitled: { users?: string[]; groups?: string[]; ids?: string[] }, person: { upn?: string; groups?: string[] }) =>
    isUndecided({ entitled: { users: [], groups: [], ...entitled } }, { subject, upn: 'mara@site.test', ...person });
  assert.equal(isOpen({ groups: ['Staff'] }, {}), true);
  assert.equal(isOpen({ groups: ['Staff'] }, { groups: [] }), false, 'an empty list says that there are none');
  assert.equal(isOpen({ users: ['otto@site.test'] }, {}), false, 'the name is known');
  assert.equal(isOpen({ users: ['mara@site.test'] }, { upn: subject, groups: [] }), true);
  assert.equal(isOpen({ ids: ['x-1'] }, { upn: subject }), false, 'the id always is');
  const byId = { entitled: { users: [], ids: ['x-1'], groups: [] }, assignedIds: { 'x-1': 'pc-1' } };
  assert.equal(isUndecided(byId, { subject, upn: subject, groups: [] }), false);
});

test('an entitlement says what of the person it hangs on', () => {
  const of = (person: Person) =>
    entitlementOf({ entitled: { ids: ['x-1'], users: ['mara@site.test'], groups: ['Staff'] } }, person)?.hangsOn;
  assert.deepEqual(of({ ...mara, id: 'x-1' }), []);
  assert.deepEqual(of(mara), ['name']);
  assert.deepEqual(of({ ...mara, upn: 'otto@site.test' }), ['groups']);
});
