import assert from 'node:assert/strict';
import test from 'node:test';
import { withheldFrom } from '#core/access/withheld';
import type { Revocation, RevocationList } from '#protocol/trust';
import { NOW } from '../../vectors/world.ts';

const mara = { subject: 'mara-0123456789', groups: ['Staff'] };
const unsaid = { subject: mara.subject };
const listOf = (...targets: Revocation['target'][]): RevocationList => ({
  version: 1,
  iat: NOW,
  entries: targets.map((target) => ({ target, from: NOW - 60, until: NOW + 60, forget: NOW + 600 })),
});

test('nothing new is given to the blocked, nor to whoever may be in a blocked group', () => {
  const staff = listOf({ kind: 'group', group: 'staff' });
  assert.equal(withheldFrom(mara, staff, NOW), 'blocked');
  assert.equal(withheldFrom({ ...mara, groups: [] }, staff, NOW), undefined, 'who is in no group is in no blocked one');
  assert.equal(withheldFrom(unsaid, staff, NOW), 'person-unknown');
  assert.equal(withheldFrom(unsaid, listOf({ kind: 'user', subject: mara.subject }), NOW), 'blocked');
  assert.equal(withheldFrom(unsaid, listOf({ kind: 'user', subject: 'otto-0123456789' }), NOW), undefined);
});
