/** The only door to IndexedDB: a person's favourites. */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import * as v from 'valibot';
import { LIMITS } from '#protocol/limits';

interface Schema extends DBSchema {
  favourites: { key: string; value: string[] };
}
/** by `resourceKey` */
const Favourites = v.pipe(v.array(v.pipe(v.string(), v.maxLength(130))), v.maxLength(LIMITS.resources));

export interface Favourites {
  read(subject: string): Promise<ReadonlySet<string>>;
  write(subject: string, favourites: ReadonlySet<string>): Promise<void>;
}

/** A browser without IndexedDB (some private windows) has no favourites; everything else works. */
export function openFavourites(): Favourites {
  let opened: Promise<IDBPDatabase<Schema>> | undefined;
  const open = (): Promise<IDBPDatabase<Schema>> => {
    opened ??= openDB<Schema>('holdfast', 1, { upgrade: (db) => void db.createObjectStore('favourites') });
    return opened;
  };
  return {
    read: async (subject) => {
      const kept = await open()
        .then((db) => db.get('favourites', subject))
        .catch(() => undefined);
      const parsed = v.safeParse(Favourites, kept);
      return new Set(parsed.success ? parsed.output : []);
    },
    write: async (subject, favourites) => {
      await open()
        .then((db) => db.put('favourites', [...favourites], subject))
        .catch(() => undefined);
    },
  };
}
