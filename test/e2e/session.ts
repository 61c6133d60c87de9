/** What really happened in a session: a command typed into its window, and what the session host's shell made of it. */
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../until.ts';
import type { Screen } from './screen.ts';

/** Types `command` into the window and resolves to what it printed. */
export async function outputOf(screen: Screen, window: RegExp, command: string): Promise<string> {
  // The session runs in another account: it has to be able to write here.
  const folder = mkdtempSync(join(tmpdir(), 'hf-out-'));
  chmodSync(folder, 0o777);
  const file = join(folder, 'out');
  try {
    screen.type(window, `(${command}) > ${file}; mv ${file} ${file}.done`);
    return await until(`the output of "${command}"`, () => readWhenThere(`${file}.done`));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readWhenThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
