import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countOf, type Filter, firstOf, groupsOf, type Item, inOrder } from '../../../pwa/view/list.ts';
import { documentsOf, many, PUBLISHED } from '../people.ts';

const items: readonly Item[] = documentsOf('mara-keller-1', 1).flatMap(({ feed, resources }) =>
  inOrder(resources).map(
    (resource) =>
      ({
        ref: { feed, id: resource.id },
        key: `${feed}/${resource.id}`,
        resource,
        opens: resource.kind === 'web' ? { can: 'not', reason: { why: 'web' } } : { can: 'open', by: 'workspace' },
      }) as const,
  ),
);
const wanted = (change: { filter?: Filter; search?: string; favourites?: ReadonlySet<string> } = {}) => ({
  filter: 'all' as const,
  search: '',
  favourites: new Set<string>(),
  ...change,
});
const drawn = (change: Parameters<typeof wanted>[0] = {}): Record<string, string[]> =>
  Object.fromEntries(groupsOf(items, wanted(change)).map(({ name, items: inside }) => [name, inside.map(({ resource }) => resource.name)]));

test('one list of all feeds, by kind and name', () => {
  assert.deepEqual(drawn(), {
    Apps: ['Case Files', 'Design Studio', 'Lab Notebook', 'Ledger', 'Mail', 'Payroll', 'Stock Room'],
    Desktops: ['Build server', 'Office desktop'],
    'Web apps': ['Travel', 'Wiki'],
  });
});

test('B-W16a search finds every word in name, folder or site', () => {
  assert.deepEqual(drawn({ search: 'bern' }), { Apps: ['Design Studio'] });
  assert.deepEqual(drawn({ search: ' OFF desk' }), { Desktops: ['Office desktop'] });
  assert.deepEqual(drawn({ search: 'nothing like it' }), {});
});

test('favourites stand first and nowhere else', () => {
  const groups = groupsOf(items, wanted({ favourites: new Set(['apps/mail', 'web/wiki']) }));
  assert.deepEqual(
    groups.map(({ name, items: inside }) => [name, inside.length]),
    [
      ['Favourites', 2],
      ['Apps', 6],
      ['Desktops', 2],
      ['Web apps', 1],
    ],
  );
});

test('a filter counts what it shows', () => {
  assert.equal(countOf(items, 'all'), 11);
  assert.equal(countOf(items, 'now'), PUBLISHED.length);
  assert.deepEqual(Object.keys(drawn({ filter: 'web' })), ['Web apps']);
});

test('the first picture holds the first tiles over all groups', () => {
  const lots: readonly Item[] = many(100).map((resource) => ({
    ref: { feed: 'apps', id: resource.id },
    key: resource.id,
    resource,
    opens: { can: 'wait' },
  }));
  const groups = groupsOf(lots, wanted());
  const first = firstOf(groups, 40);
  assert.equal(
    first.reduce((sum, group) => sum + group.items.length, 0),
    40,
  );
  assert.deepEqual(first[0]?.items, groups[0]?.items.slice(0, 40));
});

test('a list comes in the order in which it is drawn, digits by their number', () => {
  const [resource] = PUBLISHED;
  assert.ok(resource !== undefined);
  const named = ['Stock 10', 'stock 9', 'Ärzte', 'Zoo', 'Archive'].map((name, index) => ({ ...resource, id: `r${index}`, name }));
  assert.deepEqual(
    inOrder(named).map(({ name }) => name),
    ['Archive', 'Ärzte', 'stock 9', 'Stock 10', 'Zoo'],
  );
});

const [resource] = PUBLISHED;
assert.ok(resource !== undefined);
const made = (feed: string, id: string, name: string, folder?: string): Item => ({
  ref: { feed, id },
  key: `${feed}/${id}`,
  resource: { ...resource, id, name, ...(folder !== undefined && { folder }) },
  opens: { can: 'wait' },
});
const namesIn = (all: readonly Item[], change: Parameters<typeof wanted>[0] = {}) =>
  groupsOf(all, wanted(change)).map(({ name, items: inside }) => [name, ...inside.map((one) => one.key)]);

test('B-W1b folders come after the kinds, by name; a favourite leaves its folder', () => {
  const all = [made('a', '1', 'One', 'Zoo'), made('a', '2', 'Two', 'Art'), made('a', '3', 'Three')];
  assert.deepEqual(namesIn(all), [
    ['Apps', 'a/3'],
    ['Art', 'a/2'],
    ['Zoo', 'a/1'],
  ]);
  assert.deepEqual(namesIn(all, { favourites: new Set(['a/1']) }), [
    ['Favourites', 'a/1'],
    ['Apps', 'a/3'],
    ['Art', 'a/2'],
  ]);
});

test('a group of several feeds is one list by name, those of one name in a fixed order', () => {
  const all = [made('b', '1', 'Mail'), made('b', '2', 'Zebra'), made('a', '9', 'Archive'), made('a', '1', 'Mail')];
  assert.deepEqual(namesIn(all), [['Apps', 'a/9', 'a/1', 'b/1', 'b/2']]);
  assert.deepEqual(
    inOrder([made('a', '2', 'Mail').resource, made('a', '1', 'mail').resource]).map(({ id }) => id),
    ['1', '2'],
  );
});

test('B-W16a search finds a folder, and nothing by the place of a web app', () => {
  assert.deepEqual(namesIn([made('a', '1', 'One', 'Zoo')], { search: 'zoo one' }), [['Zoo', 'a/1']]);
  assert.deepEqual(drawn({ search: 'wiki' }), { 'Web apps': ['Wiki'] });
  assert.deepEqual(drawn({ search: 'wiki bern' }), {});
});

test('"Opens now" has what opens now, each kind its own', () => {
  assert.deepEqual(Object.keys(drawn({ filter: 'now' })), ['Apps', 'Desktops']);
  assert.deepEqual([countOf(items, 'app'), countOf(items, 'desktop'), countOf(items, 'web')], [7, 2, 2]);
});

test('the first picture ends with the group that fills it', () => {
  const groups = groupsOf(items, wanted());
  assert.deepEqual(
    firstOf(groups, 7).map(({ items: inside }) => inside.length),
    [7],
  );
  assert.deepEqual(
    firstOf(groups, 8).map(({ items: inside }) => inside.length),
    [7, 1],
  );
  assert.deepEqual(firstOf(groups, 0), []);
});
