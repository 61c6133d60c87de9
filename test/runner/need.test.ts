import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { PROJECT_DIR } from './files.ts';
import { need } from './need.ts';

const asks = (env: NodeJS.ProcessEnv) =>
  spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', "const { need } = await import('./test/runner/need.ts'); console.log(await need('postgres'));"],
    { cwd: PROJECT_DIR, encoding: 'utf8', env },
  );

test('every file of a run gets the same PostgreSQL; a file that is run by hand gets its own, and leaves nothing', async () => {
  const own = asks({ PATH: process.env['PATH'] }).stdout.trim();
  assert.match(own, /holdfast-pg-/u);
  assert.ok(!existsSync(own));
  assert.equal(asks(process.env).stdout.trim(), await need('postgres'));
});
