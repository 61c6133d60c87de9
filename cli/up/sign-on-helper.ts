/** The sign-on helper of a desktop: its file, and the command that agent or PAM start. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SignOnHelperConfig } from '#protocol/session-server';

const MAIN = join(import.meta.dirname, '..', '..', 'services', 'session-host', 'sign-on-helper', 'main.ts');

/** Command and arguments for each of its two verbs. */
export function signOnHelper(folder: string, config: SignOnHelperConfig): { readonly give: string[]; readonly check: string[] } {
  const file = join(folder, 'sign-on-helper.json');
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  const command = [process.execPath, '--disable-warning=ExperimentalWarning', MAIN, '--config', file];
  return { give: [...command, 'give'], check: [...command, 'check'] };
}
