/** Our own programs as files: in the source tree as they are written, in the built host beside each other. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A small young generation: without it a host that has read 1,000 leases holds half as much memory again. */
export const NODE_FLAGS = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=1'] as const;

const FROM_SOURCE = import.meta.url.endsWith('.ts');

/** What node runs to be the native messaging host. The built one starts faster; a source tree that was built uses it. */
export function hostProgram(): string {
  if (!FROM_SOURCE) return fileURLToPath(new URL('./holdfast-host.mjs', import.meta.url));
  const built = fileURLToPath(new URL('../dist/native-host/holdfast-host.mjs', import.meta.url));
  return existsSync(built) ? built : fileURLToPath(new URL('./main.ts', import.meta.url));
}

export function sessionProgram(): string {
  return fileURLToPath(new URL(FROM_SOURCE ? './session/main.ts' : './holdfast-session.mjs', import.meta.url));
}
