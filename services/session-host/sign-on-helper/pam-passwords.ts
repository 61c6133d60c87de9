/**
 * Passwords that a PAM stack takes once. Only their digests are kept, in a folder of whoever runs the helper. The account's own
 * password is neither known nor changed, and several sign-ons of one account do not disturb each other.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { parseJson } from '#protocol/parse';
import { AccountName } from '#protocol/session-server';
import { type Given, newPassword } from './password.ts';

const Kept = v.strictObject({
  /** SHA-256 of a password of 120 random bits, hex: nothing to guess, so nothing to slow down */
  digest: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/u)),
  /** ms since 1970 */
  until: v.number(),
});
const KEPT_BYTES = 200;
const LENGTH = 24;

export function keepForPam(folder: string, account: string, until: number): Given {
  const own = join(folder, account);
  mkdirSync(own, { recursive: true, mode: 0o700 });
  const password = newPassword(LENGTH);
  const file = join(own, randomBytes(8).toString('hex'));
  writeFileSync(file, JSON.stringify({ digest: digestOf(password).toString('hex'), until }), { mode: 0o600, flag: 'wx' });
  return { password, takeBack: () => rmSync(file, { force: true }) };
}

/** True once for each password given. `now`: ms since 1970. Removes what is over, also what a killed helper left. */
export function takeOnce(folder: string, account: string, password: string, now: number): boolean {
  if (!v.is(AccountName, account)) return false;
  const digest = digestOf(password);
  let taken = false;
  for (const file of filesOf(join(folder, account))) {
    const kept = read(file);
    const good = kept !== undefined && kept.until > now && timingSafeEqual(Buffer.from(kept.digest, 'hex'), digest);
    // Of two who come with it at once, one finds the file gone.
    if (good) taken = removed(file) || taken;
    else if (kept === undefined || kept.until <= now) removed(file);
  }
  return taken;
}

function digestOf(password: string): Buffer {
  return createHash('sha256').update(password).digest();
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}

function read(file: string): v.InferOutput<typeof Kept> | undefined {
  try {
    return parseJson(Kept, readFileSync(file, 'utf8'), KEPT_BYTES, 'internal');
  } catch {
    return undefined;
  }
}

function removed(file: string): boolean {
  try {
    unlinkSync(file);
    return true;
  } catch {
    return false;
  }
}
