import assert from 'node:assert/strict';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { filesOf, PROJECT_DIR } from './files.ts';

const found = (...only: string[]) =>
  Object.values(filesOf('all', only))
    .flat()
    .map((file) => relative(PROJECT_DIR, file));

test('a test file is named by its path, by its source, or by a part of its path', () => {
  assert.deepEqual(found('test/runner/files.test.ts'), ['test/runner/files.test.ts']);
  assert.deepEqual(found(join(PROJECT_DIR, 'core', 'lease', 'build.ts')), ['test/core/lease/build.test.ts']);
  assert.deepEqual(found('services/gateway/gateway.ts').length, found('gateway/gateway.').length);
  assert.deepEqual(found('no such file'), []);
});

test('end-to-end files are run one by one, long ones only when they are asked for', () => {
  const { parallel, oneByOne } = filesOf('all');
  assert.ok(oneByOne.length > 0 && oneByOne.every((file) => file.includes('/e2e/')));
  assert.ok(![...parallel, ...oneByOne].some((file) => file.includes('.long.')));
});
