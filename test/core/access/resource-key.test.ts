import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isSameResource, resourceKey, resourceRef, resourcesNamed } from '#core/access/resource-key';

const anyId = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,5}$/u);
const anyRef = fc.record({ feed: anyId, id: anyId }, { noNullPrototype: true });

test('two resources have the same key only when they are the same', () => {
  fc.assert(fc.property(anyRef, anyRef, (a, b) => assert.equal(resourceKey(a) === resourceKey(b), isSameResource(a, b))));
});

test('a key names its resource, known or not', () => {
  fc.assert(fc.property(anyRef, fc.array(anyRef), (ref, known) => assert.deepEqual(resourcesNamed(resourceKey(ref), known), [ref])));
});

test('an id alone names every resource that has it, in any feed', () => {
  const known = [
    { feed: 'apps', id: 'mail' },
    { feed: 'apps', id: 'ledger' },
    { feed: 'other', id: 'mail' },
  ];
  assert.deepEqual(resourcesNamed('ledger', known), [known[1]]);
  assert.deepEqual(resourcesNamed('mail', known), [known[0], known[2]]);
  assert.deepEqual(resourcesNamed('atlas', known), []);
  assert.deepEqual(resourcesNamed('/mail', known), [{ feed: '', id: 'mail' }], 'the one of no feed, which is none of these');
});

test('a name is taken out of whatever says more', () => {
  const leased = { feed: 'apps', id: 'mail', name: 'Mail', kind: 'app' };
  assert.deepEqual(resourceRef(leased), { feed: 'apps', id: 'mail' });
});
