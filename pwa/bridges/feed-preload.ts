/**
 * Starts to read the kept lists while the rest of the script is still loading: the first paint waits for nothing
 * else. Imported before everything.
 */
import { FEED_CACHE, placeOf, SESSION_KEY } from './storage-names.ts';

const begun = new Map<string, Promise<string | undefined>>();

/** The kept text at this place: the early read, once; later calls read again. */
export function readKept(place: string): Promise<string | undefined> {
  const early = begun.get(place);
  begun.delete(place);
  return early ?? look(place);
}

function look(place: string): Promise<string | undefined> {
  return caches.match(place, { cacheName: FEED_CACHE }).then(
    (kept) => kept?.text(),
    () => undefined,
  );
}

/** Only a hint for where to look: parsed on use. */
function lastSession(): unknown {
  try {
    return JSON.parse(localStorage.getItem(SESSION_KEY) ?? 'null');
  } catch {
    return undefined;
  }
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

const session = lastSession();
const subject = member(member(session, 'user'), 'subject');
const feeds = member(session, 'feeds');
for (const feed of Array.isArray(feeds) ? feeds : []) {
  const id = member(feed, 'id');
  if (typeof subject === 'string' && typeof id === 'string') begun.set(placeOf(subject, id), look(placeOf(subject, id)));
}
