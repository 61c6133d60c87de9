import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { HoldfastError } from '#protocol/errors';
import { readKey, writeKey } from '#runtime/jose/key-file';
import { newEd25519 } from '#runtime/jose/sign';
import { temporaryFolder } from '../../services/temporary-folder.ts';

test('a key comes back as it was written; a file that is missing or holds something else is named', async (t) => {
  const path = join(await temporaryFolder(t), 'trust.json');
  const named = (thrown: unknown) => thrown instanceof HoldfastError && thrown.code === 'bad_config' && thrown.message.includes(path);
  await assert.rejects(readKey(path), named);
  const key = newEd25519();
  await writeKey(path, key);
  assert.deepEqual(await readKey(path), key);
  await writeFile(path, '{"kty":"OKP"}');
  await assert.rejects(readKey(path), named);
  await assert.rejects(readKey(dirname(path)), { code: 'bad_config', reason: 'file-unreadable' });
});
