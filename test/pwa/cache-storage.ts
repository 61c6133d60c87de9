/** Cache Storage in memory, in place of the browser's until the test ends. */
export interface CacheStorageInMemory {
  /** places of what stands in a cache, in the order in which it came */
  places(cache: string): string[];
  put(cache: string, place: string, text: string): void;
}

const ORIGIN = 'https://workspace.example';
/** What is asked for, as Cache Storage takes it: a path, or a request. */
type Key = string | { readonly url: string };

export function startCacheStorage(
  t: { after(run: () => void): void },
  held: (when: 'before' | 'after', cache: string) => Promise<void> = async () => {},
): CacheStorageInMemory {
  const stands = new Map<string, Map<string, Response>>();
  const placeOf = (key: Key): string => (typeof key === 'string' ? key : new URL(key.url).pathname);
  const cacheOf = (name: string): Map<string, Response> => {
    const cache = stands.get(name) ?? new Map<string, Response>();
    stands.set(name, cache);
    return cache;
  };
  const open = async (name: string) => {
    // A deleted cache that is still open takes what is put, and nobody finds it again.
    const cache = cacheOf(name);
    return {
      put: async (place: string, response: Response) => {
        await held('before', name);
        cache.set(place, response);
        await held('after', name);
      },
      match: async (key: Key) => cache.get(placeOf(key))?.clone(),
      keys: async () => [...cache.keys()].map((place) => ({ url: `${ORIGIN}${place}` })),
      delete: async (key: Key) => cache.delete(placeOf(key)),
    };
  };
  const caches = {
    open,
    match: async (place: string, { cacheName }: { readonly cacheName: string }) => stands.get(cacheName)?.get(place)?.clone(),
    delete: async (name: string) => stands.delete(name),
  };
  const before = Object.getOwnPropertyDescriptor(globalThis, 'caches');
  Object.defineProperty(globalThis, 'caches', { value: caches, configurable: true });
  t.after(() =>
    before === undefined ? Reflect.deleteProperty(globalThis, 'caches') : Object.defineProperty(globalThis, 'caches', before),
  );
  return {
    places: (cache) => [...(stands.get(cache)?.keys() ?? [])],
    put: (cache, place, text) => void cacheOf(cache).set(place, new Response(text)),
  };
}
