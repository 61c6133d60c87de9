/** How passwords lie in the embedded identity provider's configuration: `scrypt$N$r$p$salt$hash`, salt and hash in base64url. */
import { randomBytes, scryptSync } from 'node:crypto';

/** 16 MiB and about 50 ms a try. */
const COST = { N: 16_384, r: 8, p: 1 } as const;
const SALT_BYTES = 16;
const HASH_BYTES = 32;

export function hashPassword(password: string, salt: Buffer = randomBytes(SALT_BYTES)): string {
  const hash = scryptSync(password.normalize('NFKC'), salt, HASH_BYTES, COST);
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), hash.toString('base64url')].join('$');
}
