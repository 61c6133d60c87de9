/** Which test files there are, and how they may run. */
import { globSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

export type Selection = 'all' | 'long';

export const PROJECT_DIR = join(import.meta.dirname, '..', '..');

export interface Files {
  readonly parallel: string[];
  /** each has the whole machine: a system with its browser, or a flood */
  readonly oneByOne: string[];
}

const END_TO_END = /^test\/e2e\//u;
const FLOOD = /\.flood\.test\.ts$/u;
const LONG = /\.long\.test\.ts$/u;

/** `only`: test files, sources (their tests are meant) or parts of paths; a file is taken when it fits any. */
export function filesOf(selection: Selection, only: readonly string[] = []): Files {
  const fits = only.map(whatFits);
  const wanted = globSync('test/**/*.test.ts', { cwd: PROJECT_DIR })
    .filter((file) => LONG.test(file) === (selection === 'long'))
    .filter((file) => fits.length === 0 || fits.some((fit) => fit(file)))
    .sort();
  const isAlone = (file: string) => END_TO_END.test(file) || FLOOD.test(file);
  const absolute = (file: string) => join(PROJECT_DIR, file);
  return {
    parallel: wanted.filter((file) => !isAlone(file)).map(absolute),
    oneByOne: wanted.filter(isAlone).map(absolute),
  };
}

/** The test tree mirrors the source: `core/lease/build.ts` stands for `test/core/lease/build.test.ts` and its further aspects. */
function whatFits(words: string): (file: string) => boolean {
  if (!words.endsWith('.ts')) return (file) => file.includes(words);
  const path = relative(PROJECT_DIR, resolve(words));
  if (path.endsWith('.test.ts')) return (file) => file === path || file.endsWith(`/${words}`);
  return (file) => file.startsWith(`test/${path.replace(/ts$/u, '')}`);
}
