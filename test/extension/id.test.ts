import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { extensionId } from '../../extension/id.ts';

test('the extension’s id follows from the manifest’s key', async () => {
  const { key } = JSON.parse(await readFile(new URL('../../manifest.json', import.meta.url), 'utf8'));
  assert.match(await extensionId(key), /^[a-p]{32}$/u);
  // SHA-256 of no bytes at all is e3b0c44298fc1c149afbf4c8996fb924...
  assert.equal(await extensionId(''), 'odlameecjipmbmbejkplpemijjgpljce');
});
