/** Which tests a mutant has to get past. */
import { globSync } from 'node:fs';
import { posix } from 'node:path';
import { PROJECT_DIR } from '../runner/files.ts';

/** They test the whole system, or the project's own tools. */
const OF_NO_FILE = /^test\/(?:e2e|architecture|captured|bench|setup|runner|mutation)\/|\.(?:flood|long)\.test\.ts$/u;
/** They test what is built, which takes a build each time: asked where no other test reaches the file. */
const OF_THE_BUILT = /\.browser\.test\.ts$/u;
/** Of core, too: the stories of its machines, and the tokens with their verdicts. */
const OF_CORE = /^test\/(?:transcripts|vectors)\//u;
/** Who is further away tests something else, and would pass or fail for its own reasons. */
const NEAREST = 6;

/**
 * Tests of the source at `path`, nearest first: its mirror, then those that import it, by the number of imports between, its own part
 * before others. Where none imports it, as with a program that is started, those of its folder or the next one up.
 */
export function testsOf(path: string, importers: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const steps = new Map([[path, 0]]);
  for (const [file, far] of steps) for (const importer of importers.get(file) ?? []) if (!steps.has(importer)) steps.set(importer, far + 1);
  const mirror = `test/${path.replace(/ts$/u, '')}`;
  const part = partOf(path);
  const isOwn = (test: string) => test.startsWith(`test/${part}/`) || (part === 'core' && OF_CORE.test(test));
  const order = (test: string) => [test.startsWith(mirror) ? 0 : 1, isOwn(test) ? 0 : 1, steps.get(test) ?? 0];
  const byOrder = (a: string, b: string) => compare(order(a), order(b)) || (a < b ? -1 : 1);
  const importing = [...steps.keys()].filter((file) => file.endsWith('.test.ts') && !OF_NO_FILE.test(file));
  const ofSource = importing.filter((file) => !OF_THE_BUILT.test(file)).sort(byOrder);
  return (ofSource.length > 0 ? ofSource : testsNear(posix.dirname(path))).slice(0, NEAREST);
}

/** `core`, `services/broker`: what has its tests in one folder. */
export function partOf(path: string): string {
  const [first = '', second = ''] = path.split('/');
  return first === 'services' ? `${first}/${second}` : first;
}

function testsNear(folder: string): readonly string[] {
  const here = [`test/${folder}/**/*.test.ts`, `test/${folder}.*test.ts`];
  const tests = globSync(here, { cwd: PROJECT_DIR }).filter((file) => !OF_NO_FILE.test(file));
  return tests.length > 0 || folder === '.' ? tests.sort() : testsNear(posix.dirname(folder));
}

function compare(a: readonly number[], b: readonly number[]): number {
  const first = a.findIndex((value, at) => value !== b[at]);
  return first < 0 ? 0 : (a[first] ?? 0) - (b[first] ?? 0);
}
