/**
 * Whose lists may be kept on this device. The page writes it once the Workspace says who is signed in, and takes it away before
 * the copies; the worker keeps a list only while it names the list's person, and looks again after every write. So whichever
 * comes first, sign-out or a write, no copy stays.
 */
import * as v from 'valibot';
import { LIMITS } from '#protocol/limits';
import { Id, Subject } from '#protocol/primitives';
import { readJson } from './answer.ts';
import { OWNER_CACHE, OWNER_PLACE } from './storage-names.ts';

export const Owner = v.object({ subject: Subject, feeds: v.array(Id) });
export type Owner = v.InferOutput<typeof Owner>;

/** `undefined`: nobody, or unreadable */
export async function readOwner(): Promise<Owner | undefined> {
  const kept = await caches.match(OWNER_PLACE, { cacheName: OWNER_CACHE });
  return kept === undefined ? undefined : readJson(Owner, await kept.text(), LIMITS.requestBodyBytes);
}

export async function writeOwner(owner: Owner): Promise<void> {
  await (await caches.open(OWNER_CACHE)).put(OWNER_PLACE, new Response(JSON.stringify(owner)));
}

export async function removeOwner(): Promise<void> {
  await caches.delete(OWNER_CACHE);
}

/** Whether keeping failed because the browser has no more room for this origin. */
export function isFull(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'QuotaExceededError';
}
