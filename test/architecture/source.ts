/** The project's own files, and a source with its comments and strings taken out. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_DIR } from '../runner/files.ts';

export interface Source {
  /** relative to the project */
  readonly path: string;
  readonly text: string;
}

const PARTS = '{protocol,core,pwa,extension,native-host,services,runtime,cli,deploy,console,test}';

export function sources(pattern = `${PARTS}/**/*.{ts,mjs}`): readonly Source[] {
  return globSync(pattern, { cwd: PROJECT_DIR })
    .sort()
    .map((path) => ({ path, text: readText(path) }));
}

export function readText(path: string): string {
  return readFileSync(join(PROJECT_DIR, path), 'utf8');
}

/** What names are checked in: a word in a comment or in a string is no use of it. Template expressions are kept. */
export function codeOf(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//gu, ' ')
    .replace(/(^|[^:'"`])\/\/.*$/gmu, '$1')
    .replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/gu, "''");
}
