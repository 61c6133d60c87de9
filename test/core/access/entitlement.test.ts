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

test('B-I2 group names are exact: another spelling is another group', () => {
  assert.equal(entitledBy({ entitled: { users: [], groups: ['finance'] } }, mara), undefined);
});

test('nobody is entitled to a resource that names nobody', () => {
  assert.equal(entitledBy({ entitled: { users: [], groups: [] } }, mara), undefined);
});

test('B-R7 an assigned machine is found by user principal name in any case', () => {
  assert.equal(assignedSessionHostOf({ assigned: { 'Mara@Site.test': 'pc-1' } }, mara), 'pc-1');
  assert.equal(assignedSessionHostOf({ assigned: { 'otto@site.test': 'pc-2' } }, mara), undefined);
  assert.equal(assignedSessionHostOf({}, mara), undefined);
});
