/** Paths of our own programs: in the source tree, or beside each other in the built host. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A small young generation: without it, a host that has read 1,000 leases uses 50 % more memory. */
export const NODE_FLAGS = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=1'] as const;

const FROM_SOURCE = import.meta.url.endsWith('.ts');

/** The program that Node runs as the native messaging host. The built one starts faster, so a built source tree uses it. */
export function hostProgram(): string {
  if (!FROM_SOURCE) return fileURLToPath(new URL('./holdfast-host.mjs', import.meta.url));
  const built = fileURLToPath(new URL('../dist/native-host/holdfast-host.mjs', import.meta.url));
  return existsSync(built) ? built : fileURLToPath(new URL('./main.ts', import.meta.url));
}

export function sessionProgram(): string {
  return fileURLToPath(new URL(FROM_SOURCE ? './session/main.ts' : './holdfast-session.mjs', import.meta.url));
}
