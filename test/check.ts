/** `npm run check`: types in every context, formatting and lint, imports and the house's other rules. All are run; any fault fails. */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_DIR } from './runner/files.ts';

const bin = (name: string) => join(PROJECT_DIR, 'node_modules', '.bin', name);
const projects = globSync(['*/tsconfig.json', '*/*/tsconfig.json'], { cwd: PROJECT_DIR, exclude: ['node_modules', 'dist'] }).sort();

const checks: readonly (readonly [name: string, file: string, args: readonly string[]])[] = [
  ...projects.map((project) => [`types: ${project}`, bin('tsc'), ['-p', project]] as const),
  ['format and lint', bin('biome'), ['check', '--error-on-warnings', '.']],
  ['lint by types', bin('oxlint'), ['--type-aware', '--deny-warnings']],
  ['the house', process.execPath, ['--disable-warning=ExperimentalWarning', '--test', 'test/architecture/architecture.test.ts']],
];

const failed = checks.filter(([name, file, args]) => {
  const { status } = spawnSync(file, args, { cwd: PROJECT_DIR, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });
  if (status === 0) {
    console.log(`ok      ${name}`);
    return false;
  }
  console.log(`FAILED  ${name}`);
  spawnSync(file, args, { cwd: PROJECT_DIR, stdio: ['ignore', 'inherit', 'inherit'] });
  return true;
});
console.log(failed.length === 0 ? 'All checks hold.' : `${failed.length} of ${checks.length} checks failed.`);
process.exitCode = failed.length === 0 ? 0 : 1;
