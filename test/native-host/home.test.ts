import assert from 'node:assert/strict';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { homeFolder, userHome } from '../../native-host/home.ts';

test('an empty HOME is none: the system knows the person’s folder', (t) => {
  const before = process.env['HOME'];
  t.after(() => Object.assign(process.env, { HOME: before }));
  process.env['HOME'] = '';
  assert.equal(userHome(), userInfo().homedir);
  assert.equal(homeFolder({}, 'linux'), join(userInfo().homedir, '.local', 'share', 'holdfast'));
});
