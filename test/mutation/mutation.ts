/** The mutation run: changes the sources, one place at a time, and sees whether the tests notice. */
import { globSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { PROJECT_DIR } from '../runner/files.ts';
import { projectImporters } from '../runner/reach.ts';
import { EQUIVALENT, type Equivalent } from './equivalent.ts';
import { type Mutant, mutantsOf, sample } from './mutants.ts';
import { testsOf } from './tests-of.ts';
import { copyTree, type Tree } from './tree.ts';

/** Words and tables of words: what a mutant of theirs changes is read, not run. */
const NOT_RUN = /^protocol\/words\/en|\.d\.ts$/u;

/** `killed`: a test fails, or hangs. `refused`: the type checker does not take it, so it never comes to a test. */
export interface Tried {
  readonly mutant: Mutant;
  readonly came: 'killed' | 'refused' | 'survived' | 'equivalent';
}

/** The sources below these paths, and their mutants. */
export function mutantsBelow(paths: readonly string[]): readonly Mutant[] {
  return paths
    .flatMap((path) => (path.endsWith('.ts') ? [path] : globSync(`${path}/**/*.ts`, { cwd: PROJECT_DIR }).sort()))
    .filter((path) => !NOT_RUN.test(path))
    .flatMap((path) => mutantsOf(path, readFileSync(join(PROJECT_DIR, path), 'utf8')));
}

interface Run {
  /** as many of them, not all */
  readonly count?: number | undefined;
  readonly seed?: string | undefined;
  /** so many side by side */
  readonly jobs?: number | undefined;
  readonly tell?: (tried: Tried) => void;
}

/** Those that are listed as equivalent are not tried. */
export async function tryMutants(
  mutants: readonly Mutant[],
  { count = mutants.length, seed = 'holdfast', jobs = availableParallelism(), tell = () => {} }: Run = {},
): Promise<readonly Tried[]> {
  const importers = projectImporters();
  const waiting = [...(count < mutants.length ? sample(mutants, count, seed) : mutants)];
  const tried: Tried[] = [];
  const work = async (tree: Tree): Promise<void> => {
    for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
      const one = { mutant, came: await tryOne(tree, mutant, importers) };
      tried.push(one);
      tell(one);
    }
  };
  await Promise.all(
    Array.from({ length: jobs }, async () => {
      const tree = copyTree();
      try {
        await work(tree);
      } finally {
        tree.remove();
      }
    }),
  );
  return tried;
}

async function tryOne(tree: Tree, mutant: Mutant, importers: ReadonlyMap<string, readonly string[]>): Promise<Tried['came']> {
  if (EQUIVALENT.some((known) => isSame(known, mutant))) return 'equivalent';
  const { path, text } = mutant;
  // The nearest test notices most of them in less time than the type checker takes; the others take longer than that.
  const [nearest, ...others] = testsOf(path, importers);
  if (nearest !== undefined && !(await tree.passes(path, text, nearest))) return 'killed';
  if (!(await tree.compiles(path, text))) return 'refused';
  for (const test of others) if (!(await tree.passes(path, text, test))) return 'killed';
  return 'survived';
}

/** Of those that could be noticed, the share that was, 0 to 1. */
export function shareNoticed(tried: readonly Tried[]): number {
  const could = tried.filter(({ came }) => came === 'killed' || came === 'survived');
  return could.filter(({ came }) => came === 'killed').length / could.length;
}

/** Entries of the list of equivalent mutants that fit none of `mutants`. */
export function outdated(mutants: readonly Mutant[]): readonly Equivalent[] {
  return EQUIVALENT.filter((known) => !mutants.some((mutant) => isSame(known, mutant)));
}

function isSame(known: Equivalent, { path, was, is }: Mutant): boolean {
  return known.path === path && known.was === was && known.is === is;
}

/** A line of a report: where, and what it was and would be. */
export function lineOf({ mutant: { path, line, operator, was, is }, came }: Tried): string {
  return `${came} ${path}:${line} ${operator}\n  - ${was}\n  + ${is}`;
}
