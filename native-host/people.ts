/** Who was last signed in at which Workspace, on this device. */
import { join } from 'node:path';
import * as v from 'valibot';
import { PeopleFile } from '#protocol/vault';
import { readIfThere, writePrivateFile } from '#runtime/files/private';
import { HOME_FILES } from './home.ts';

type Person = PeopleFile['people'][number];

export interface People {
  at(workspace: string): Promise<Person | undefined>;
  all(): Promise<readonly Person[]>;
  signedIn(person: Person): Promise<void>;
  signedOut(workspace: string): Promise<void>;
}

export function openPeople(home: string): People {
  const path = join(home, HOME_FILES.people);
  const all = async (): Promise<Person[]> => {
    try {
      return v.parse(PeopleFile, JSON.parse((await readIfThere(path)) ?? '')).people;
    } catch {
      // Nobody yet, or a damaged list: the next sign-in rewrites it.
      return [];
    }
  };
  const write = (people: Person[]) => writePrivateFile(path, JSON.stringify({ v: 1, people } satisfies PeopleFile));
  return {
    all,
    at: async (workspace) => (await all()).find((person) => person.workspace === workspace),
    async signedIn(person) {
      const people = await all();
      const held = people.find(({ workspace }) => workspace === person.workspace);
      if (held?.subject === person.subject && (person.userName === undefined || held.userName === person.userName)) return;
      await write([person, ...people.filter(({ workspace }) => workspace !== person.workspace)].slice(0, 32));
    },
    async signedOut(workspace) {
      await write((await all()).filter((person) => person.workspace !== workspace));
    },
  };
}
