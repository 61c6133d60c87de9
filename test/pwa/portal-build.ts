/** Builds the portal into a folder of its own, so that tests neither need nor disturb dist/. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = new URL('../../', import.meta.url).pathname;

export interface Built {
  readonly folder: string;
  remove(): Promise<void>;
}

export async function buildPortal(): Promise<Built> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-portal-'));
  await promisify(execFile)(process.execPath, [join(ROOT, 'node_modules/rollup/dist/bin/rollup'), '-c', '--configOnly', 'pwa'], {
    cwd: ROOT,
    env: { ...process.env, PORTAL_OUT: folder },
    timeout: 120_000,
  });
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
