import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBrowser } from '../browser-in-memory.ts';

test('a browser profile has one random name, made once and kept', async () => {
  const { ownProfile } = await import('../../../extension/world/profile.ts');
  const browser = openBrowser();
  const name = await ownProfile();
  assert.match(name, /^[0-9a-f]{32}$/u);
  assert.deepEqual([browser.local.get('profile'), await ownProfile()], [name, name]);
  openBrowser();
  assert.notEqual(await ownProfile(), name);
  openBrowser({ local: { profile: 'short' } });
  assert.match(await ownProfile(), /^[0-9a-f]{32}$/u);
});
