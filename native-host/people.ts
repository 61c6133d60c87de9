/**
 * Who is bound to which Workspace, in each browser profile of this account: the person whom the Workspace named last, until that person
 * signs out or the Workspace names another. So a portal that opens in an outage still has its person, and nobody else has.
 */
import { join } from 'node:path';
import * as v from 'valibot';
import { PeopleFile } from '#protocol/vault';
import { mustBeWrittenByUs } from '#runtime/files/ownership';
import { readIfThere, writePrivateFile } from '#runtime/files/private';
import { inTurn } from '#runtime/in-turn';
import { HOME_FILES } from './home.ts';

export type Person = PeopleFile['people'][number];
/** where a person is bound */
export type Place = Pick<Person, 'profile' | 'workspace'>;

export interface People {
  at(place: Place): Promise<Person | undefined>;
  /** the latest first */
  all(): Promise<readonly Person[]>;
  bind(person: Person): Promise<void>;
  release(place: Place): Promise<void>;
}

/** The oldest are bound no more: profiles that were deleted never say so. */
const KEPT = 64;

export function openPeople(home: string): People {
  const path = join(home, HOME_FILES.people);
  const all = async (): Promise<Person[]> => {
    try {
      await mustBeWrittenByUs(path);
      return v.parse(PeopleFile, JSON.parse((await readIfThere(path)) ?? '')).people;
    } catch {
      // Nobody yet, or a list that is damaged or could be somebody else's: the next sign-in rewrites it.
      return [];
    }
  };
  const write = (people: Person[]) => writePrivateFile(path, JSON.stringify({ v: 1, people } satisfies PeopleFile));
  const change = inTurn();
  const elsewhere = async (place: Place) => (await all()).filter((person) => !isAt(person, place));
  return {
    all,
    at: async (place) => (await all()).find((person) => isAt(person, place)),
    bind: (person) => change(async () => write([person, ...(await elsewhere(person))].slice(0, KEPT))),
    release: (place) => change(async () => write(await elsewhere(place))),
  };
}

function isAt(person: Person, { profile, workspace }: Place): boolean {
  return person.profile === profile && person.workspace === workspace;
}
