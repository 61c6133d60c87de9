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

test('end-to-end files and floods are run one by one, long ones only when they are asked for', () => {
  const { parallel, oneByOne } = filesOf('all');
  const alone = ['/e2e/', '.flood.test.ts'];
  for (const words of alone) assert.ok(oneByOne.some((file) => file.includes(words)));
  assert.ok(oneByOne.every((file) => alone.some((words) => file.includes(words))));
  assert.ok(!parallel.some((file) => alone.some((words) => file.includes(words))));
  assert.ok(![...parallel, ...oneByOne].some((file) => file.includes('.long.')));
});
