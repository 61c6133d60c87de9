import assert from 'node:assert/strict';
import test from 'node:test';
import { assignedSessionHostOf, entitledBy } from '#core/access/entitlement';

const mara = { upn: 'mara@site.test', groups: ['Staff', 'Finance'] };

test('B-I2 entitlements are by user or by group, and say by which', () => {
  const resource = { entitled: { users: ['MARA@site.test'], groups: ['Finance'] } };
  assert.equal(entitledBy(resource, mara), 'MARA@site.test');
  assert.equal(entitledBy(resource, { ...mara, upn: 'otto@site.test' }), 'Finance');
  assert.equal(entitledBy(resource, { upn: 'otto@site.test', groups: [] }), undefined);
});

test('B-I8 a group is entitled in every spelling, a person by no look-alike name', () => {
  const by = (groups: string[], user: Parameters<typeof entitledBy>[1]) =>
    entitledBy({ entitled: { users: ['karl@site.test'], groups } }, user);
  for (const spelled of ['finance', '/Finance', 'FINANCE ']) assert.equal(by([spelled], mara), spelled);
  assert.equal(by(['/Other/Finance'], mara), undefined);
  assert.equal(by([], { upn: '\u212aarl@site.test', groups: [] }), undefined);
  assert.equal(by([], { upn: 'Karl@site.test', groups: [] }), 'karl@site.test');
});

test('B-I8 a person is entitled by their id whatever they are called now, and by nobody else’s', () => {
  const resource = { entitled: { users: [], ids: ['x-1'], groups: [] } };
  assert.equal(entitledBy(resource, { ...mara, id: 'x-1', upn: 'mara.new@site.test' }), 'x-1');
  assert.equal(entitledBy(resource, { ...mara, id: 'X-1' }), undefined);
  assert.equal(entitledBy(resource, { ...mara, upn: 'x-1' }), undefined);
  assert.equal(entitledBy(resource, mara), undefined);
});

test('nobody is entitled to a resource that names nobody', () => {
  assert.equal(entitledBy({ entitled: { users: [], groups: [] } }, mara), undefined);
});

test('B-R7 an assigned machine is found by user principal name in any case', () => {
  assert.equal(assignedSessionHostOf({ assigned: { 'Mara@Site.test': 'pc-1' } }, mara), 'pc-1');
  assert.equal(assignedSessionHostOf({ assigned: { 'otto@site.test': 'pc-2' } }, mara), undefined);
  assert.equal(assignedSessionHostOf({}, mara), undefined);
});
