/** In processes of their own: what a process keeps its compiled code in, it keeps to. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, chown } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { temporaryFolder } from '../services/temporary-folder.ts';

const NOBODY = 65_534;
/** Only root can give a folder away. */
const asRoot = { skip: process.getuid?.() === 0 ? false : 'not root' };
const MODULE = join(import.meta.dirname, '..', '..', 'native-host', 'code-cache.ts');

/** The folder of the compiled code; empty where none is kept. */
async function cacheOf(home: string): Promise<string> {
  const code = `
    import { getCompileCacheDir } from 'node:module';
    import { useCodeCache } from ${JSON.stringify(MODULE)};
    useCodeCache(${JSON.stringify(home)});
    process.stdout.write(getCompileCacheDir() ?? '');`;
  const { NODE_COMPILE_CACHE: _shared, ...env } = process.env;
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', code];
  return (await promisify(execFile)(process.execPath, args, { env })).stdout;
}

test('compiled code is kept in the host’s own folder', async (t) => {
  const home = await temporaryFolder(t);
  assert.ok((await cacheOf(home)).startsWith(join(home, 'code-cache')));
});

test('compiled code is kept nowhere where others could put theirs: it is run', async (t) => {
  const home = await temporaryFolder(t);
  await chmod(home, 0o770);
  assert.equal(await cacheOf(home), '');
  assert.equal(await cacheOf(join(home, 'none')), '');
});

test('compiled code is not taken from a folder of another user', asRoot, async (t) => {
  const home = await temporaryFolder(t);
  await chown(home, NOBODY, NOBODY);
  assert.equal(await cacheOf(home), '');
});
