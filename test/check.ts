/** `npm run check`: types in every context, formatting and lint, imports and the house's other rules. All are run; any fault fails. */
import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { PROJECT_DIR } from './runner/files.ts';

const bin = (name: string) => join(PROJECT_DIR, 'node_modules', '.bin', name);
const projects = globSync(['*/tsconfig.json', '*/*/tsconfig.json'], { cwd: PROJECT_DIR, exclude: ['node_modules', 'dist'] }).sort();

type Check = readonly [name: string, file: string, args: readonly string[]];
/** The longest come first, so that none is left over at the end. */
const checks: readonly Check[] = [
  ['lint by types', bin('oxlint'), ['--type-aware', '--deny-warnings']],
  ['the house', process.execPath, ['--disable-warning=ExperimentalWarning', '--test', 'test/architecture/architecture.test.ts']],
  ['format and lint', bin('biome'), ['check', '--error-on-warnings', '.']],
  ...projects.toReversed().map((project) => [`types: ${project}`, bin('tsc'), ['-p', project]] as const),
];

const waiting = [...checks];
let failed = 0;
await Promise.all(Array.from({ length: Math.max(2, cpus().length) }, work));
console.log(failed === 0 ? 'All checks hold.' : `${failed} of ${checks.length} checks failed.`);
process.exitCode = failed === 0 ? 0 : 1;

async function work(): Promise<void> {
  for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
    const [name, file, args] = check;
    const child = spawn(file, args, { cwd: PROJECT_DIR, stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    const [said, complained, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    console.log(code === 0 ? `ok      ${name}` : `FAILED  ${name}\n${said}${complained}`);
    if (code !== 0) failed++;
  }
}
