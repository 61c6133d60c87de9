/** Preconditions for any answer: an owner-only folder, a configuration, a caller on its list. */

import { HoldfastError } from '#protocol/errors';
import { VERSION } from '#protocol/limits';
import type { HostConfig } from '#protocol/vault';
import { checkCaller } from './caller-check.ts';
import { readConfig } from './config.ts';
import type { Environment } from './home.ts';
import { openHome } from './open-home.ts';

export interface Startup {
  readonly home: string;
  readonly config: HostConfig;
}

/** Throws `unsafe_folder`, `bad_config` or `forbidden_caller`. */
export async function checkStartup(args: readonly string[], env: Environment): Promise<Startup> {
  const home = await openHome(env);
  const config = await readConfig(home);
  checkCaller(args, config);
  return { home, config };
}

/** Each end speaks its own version and the previous one, so a difference of one is fine. Throws `host_version`. */
export function ensureVersion(theirs: number): void {
  if (Math.abs(theirs - VERSION.host) > 1) throw new HoldfastError('host_version', { reason: 'versions', ours: VERSION.host, theirs });
}
