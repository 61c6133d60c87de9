/** Where users come from: the first source that the configuration names. */
import { HoldfastError } from '#protocol/errors';
import type { IdentityConfig } from '#protocol/service-config';
import type { Users } from '../users.ts';
import { configuredUsers } from './configured-users.ts';

/** Gives undefined when the configuration does not name it. Throws `bad_config`. */
type Source = (config: IdentityConfig) => Users | undefined;

const SOURCES: readonly Source[] = [({ users }) => configuredUsers(users)];

/** Throws `bad_config` when no source is named, or what a source throws. */
export function openUsers(config: IdentityConfig): Users {
  for (const source of SOURCES) {
    const users = source(config);
    if (users !== undefined) return users;
  }
  throw new HoldfastError('bad_config', { reason: 'no-users' });
}
