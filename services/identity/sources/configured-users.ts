/** The users that the configuration lists, with hashes of their passwords. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { HoldfastError } from '#protocol/errors';
import { canonicalName } from '#protocol/names';
import type { IdentityConfig } from '#protocol/service-config';
import type { User, Users } from '../users.ts';

type ConfiguredUser = IdentityConfig['users'][number] & User;

interface Hash {
  readonly cost: { readonly N: number; readonly r: number; readonly p: number; readonly maxmem: number };
  readonly salt: Buffer;
  readonly hash: Buffer;
}

/** Upper bounds for the hash parameters in a configuration: at most 64 MiB per sign-in. */
const MAX_MEMORY = 64 * 1024 * 1024;

/** Throws `bad_config` when two users share a name or a hash is not one. */
export function configuredUsers(users: IdentityConfig['users']): Users {
  const byId = new Map<string, ConfiguredUser>();
  const byUpn = new Map<string, ConfiguredUser>();
  const byShortName = new Map<string, ConfiguredUser | 'several'>();
  const hashes = new Map<ConfiguredUser, Hash>();
  for (const one of users) {
    const upn = canonicalName(one.upn) ?? one.upn;
    const user = { ...one, id: one.id ?? encodeURI(upn) };
    if (byUpn.has(upn) || byId.has(user.id)) throw new HoldfastError('bad_config', { reason: 'duplicate-user', name: user.upn });
    byId.set(user.id, user);
    byUpn.set(upn, user);
    const short = upn.split('@')[0] ?? upn;
    byShortName.set(short, byShortName.has(short) ? 'several' : user);
    hashes.set(user, readHash(user));
  }
  const [anyHash] = hashes.values();
  const nobody: Hash = {
    cost: anyHash?.cost ?? { N: 16_384, r: 8, p: 1, maxmem: MAX_MEMORY },
    salt: randomBytes(16),
    hash: randomBytes(32),
  };
  const find = (name: string): ConfiguredUser | undefined => {
    const key = canonicalName(name) ?? '';
    const short = byShortName.get(key);
    return byUpn.get(key) ?? (short === 'several' ? undefined : short);
  };
  return {
    byId: async (id) => byId.get(id),
    find: async (name) => find(name),
    async check(name, password) {
      const user = find(name);
      const expected = (user && hashes.get(user)) ?? nobody;
      const right = timingSafeEqual(await derive(password, expected), expected.hash);
      return right ? user : undefined;
    },
  };
}

function readHash({ upn, passwordHash }: Pick<ConfiguredUser, 'upn' | 'passwordHash'>): Hash {
  const [kind, n, r, p, salt, hash] = passwordHash.split('$');
  const cost = { N: Number(n), r: Number(r), p: Number(p), maxmem: MAX_MEMORY };
  const whole = [cost.N, cost.r, cost.p].every((value) => Number.isSafeInteger(value) && value > 0);
  if (kind !== 'scrypt' || !whole || !salt || !hash || 128 * cost.N * cost.r > MAX_MEMORY / 2) {
    throw new HoldfastError('bad_config', { reason: 'password-hash', name: upn });
  }
  return { cost, salt: Buffer.from(salt, 'base64url'), hash: Buffer.from(hash, 'base64url') };
}

function derive(password: string, { cost, salt, hash }: Hash): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, hash.length, cost, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
}
