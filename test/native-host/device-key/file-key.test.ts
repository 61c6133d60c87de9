import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { test } from 'node:test';
import { deviceSigner } from '#runtime/jose/sign';
import { fileKeys } from '../../../native-host/device-key/file-key.ts';
import { newHome } from '../device.ts';

test('several who find no key at the same time get one and the same, which is the one on disk', async () => {
  for (let round = 0; round < 10; round += 1) {
    const folder = await newHome();
    try {
      const opened = await Promise.all(Array.from({ length: 6 }, () => fileKeys.open(folder)));
      const kept = await fileKeys.find(folder);
      assert.ok(kept !== undefined);
      assert.deepEqual([...new Set(opened.map((key) => deviceSigner(key).kid))], [deviceSigner(kept).kid]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
});
