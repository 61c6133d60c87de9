import assert from 'node:assert/strict';
import fs, { readdirSync, statSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { timeMark } from '#runtime/files/time-mark';
import { temporaryFolder } from '../../services/temporary-folder.ts';

test('a mark rises and never falls, over a restart too', async (t) => {
  const folder = await temporaryFolder(t);
  const mark = timeMark(folder, 'used');
  assert.equal(mark.read(), 0, 'there never was one');
  for (const [issuedAt, latest] of [
    [100, 100],
    [99, 100],
    [101, 101],
  ] as const) {
    mark.raise(issuedAt);
    assert.equal(mark.read(), latest);
    assert.equal(timeMark(folder, 'used').read(), latest);
  }
  assert.equal(timeMark(folder, 'other').read(), 0);
  assert.deepEqual(readdirSync(folder), ['used']);
  assert.equal(statSync(join(folder, 'used')).mode & 0o777, 0o600);
});

test('a damaged mark counts as none', async (t) => {
  const folder = await temporaryFolder(t);
  for (const text of ['', 'yesterday', '1e400', '1.5']) {
    writeFileSync(join(folder, 'used'), text);
    assert.equal(timeMark(folder, 'used').read(), 0, text);
  }
});

test('a mark is on the disk before it takes the place of the former one, and a mark that is no later costs no write', async (t) => {
  const mark = timeMark(await temporaryFolder(t), 'used');
  const done: string[] = [];
  const system: object = fs;
  for (const name of ['fsyncSync', 'renameSync'] as const) {
    const really: (...given: unknown[]) => void = Reflect.get(system, name);
    t.mock.method(fs, name, (...given: unknown[]) => {
      done.push(name);
      really(...given);
    });
  }
  syncBuiltinESMExports();
  t.after(() => {
    t.mock.restoreAll();
    syncBuiltinESMExports();
  });
  mark.raise(100);
  assert.deepEqual(done, ['fsyncSync', 'renameSync']);
  mark.raise(100);
  assert.equal(done.length, 2);
});
