import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importersOf, testsReached } from './reach.ts';

const FILES: Readonly<Record<string, string>> = {
  'core/a.ts': '',
  'core/b.ts': "import { a } from './a.ts';",
  'test/core/a.test.ts': "import { a } from '../../core/a.ts';",
  'test/core/b.test.ts': "import { b } from '#core/b';",
};

test('a change concerns the tests of all that imports it', () => {
  const importers = importersOf(Object.keys(FILES), (file) => FILES[file] ?? '');
  assert.deepEqual(testsReached(['core/a.ts'], importers), ['test/core/a.test.ts', 'test/core/b.test.ts']);
  assert.deepEqual(testsReached(['core/b.ts'], importers), ['test/core/b.test.ts']);
  assert.deepEqual(testsReached(['test/core/a.test.ts'], importers), ['test/core/a.test.ts']);
});
