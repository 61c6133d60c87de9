import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import * as v from 'valibot';
import { readSecret } from '#runtime/service/config';
import { readYaml } from '#runtime/service/yaml-file';
import { refusedWith } from '../../refused-with.ts';
import { temporaryFolder } from '../../services/temporary-folder.ts';

test('a secret keeps its spaces, and loses the line break at its end, in a file or in the configuration', async (t) => {
  const file = join(await temporaryFolder(t), 'secret');
  for (const [written, secret] of [
    [' a b \n', ' a b '],
    ['a\r\n', 'a'],
    ['a\n\n', 'a\n'],
    ['a', 'a'],
  ] as const) {
    await writeFile(file, written);
    assert.equal(readSecret({ file }), secret);
    assert.equal(readSecret({ value: written }), secret);
  }
  const { value } = readYaml(v.object({ value: v.string() }), 'value: |\n  a b\n', 'a.yaml');
  assert.equal(readSecret(value), 'a b');
  await writeFile(file, ' \n');
  assert.throws(() => readSecret({ file }), refusedWith('bad_config', /is empty/u));
});
