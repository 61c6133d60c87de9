/** A script for the browser from its sources as they are: a test of what draws needs no build of everything. */
import { join } from 'node:path';
import { build } from 'esbuild';
import { PROJECT_DIR } from './runner/files.ts';

/** `path`: of the source, in the project. What it exports is then a global of this name. */
export async function scriptOf(path: string, globalName?: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(PROJECT_DIR, path)],
    bundle: true,
    write: false,
    format: 'iife',
    define: { 'process.env.NODE_ENV': '"production"' },
    ...(globalName !== undefined && { globalName }),
  });
  return outputFiles[0]?.text ?? '';
}
