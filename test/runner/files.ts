/** Which test files there are, and how they may run. */
import { globSync } from 'node:fs';
import { join, relative } from 'node:path';

export type Selection = 'all' | 'long';

export const PROJECT_DIR = join(import.meta.dirname, '..', '..');

export interface Files {
  readonly parallel: string[];
  /** each has the whole machine: a system with its browser */
  readonly oneByOne: string[];
}

const END_TO_END = /^test\/e2e\//u;
const LONG = /\.long\.test\.ts$/u;

/** `only`: parts of paths; a file is taken when any of them is in its own. */
export function filesOf(selection: Selection, only: readonly string[] = []): Files {
  const all = globSync('test/**/*.test.ts', { cwd: PROJECT_DIR }).map((file) => relative(PROJECT_DIR, join(PROJECT_DIR, file)));
  const wanted = all
    .filter((file) => LONG.test(file) === (selection === 'long'))
    .filter((file) => only.length === 0 || only.some((part) => file.includes(part)))
    .sort();
  const absolute = (file: string) => join(PROJECT_DIR, file);
  return {
    parallel: wanted.filter((file) => !END_TO_END.test(file)).map(absolute),
    oneByOne: wanted.filter((file) => END_TO_END.test(file)).map(absolute),
  };
}
