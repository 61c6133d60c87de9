/** An owner-only folder that is removed when the test ends. What still writes into it then is given a moment to end. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Endings } from '../../cli/up/endings.ts';

export async function temporaryFolder(t: Endings): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-test-'));
  t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }));
  return folder;
}
