/** A random name of this browser profile: by it the native host keeps apart who is bound in which. Made once, kept on disk. */
import * as v from 'valibot';
import { Nonce } from '#protocol/primitives';
import { storage } from '../webext.ts';

const KEY = 'profile';

export async function ownProfile(): Promise<string> {
  const kept = v.safeParse(Nonce, await storage.readLocal(KEY));
  if (kept.success) return kept.output;
  const made = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
  await storage.writeLocal(KEY, made);
  return made;
}
