/** Mutants that nobody could tell from the source, each with the reason. The run fails for an entry that no mutant fits any more. */
import type { Mutant } from './mutants.ts';

export interface Equivalent extends Pick<Mutant, 'path' | 'was' | 'is'> {
  readonly why: string;
}

const KEPT = 'the set is kept for speed only: made anew it is the same';

export const EQUIVALENT: readonly Equivalent[] = [
  { path: 'core/access/name-set.ts', was: 'if (set === undefined) {', is: 'if (true) {', why: KEPT },
  { path: 'core/access/name-set.ts', was: 'sets.set(names, set);', is: ';', why: KEPT },
  {
    path: 'core/machines/race.ts',
    was: "return (refused ? 2 : 0) + (is === 'called-off' ? 1 : 0);",
    is: "return (refused ? 200 : 0) + (is === 'called-off' ? 1 : 0);",
    why: 'only the order of the four sums counts',
  },
  {
    path: 'core/placement/session-host.ts',
    was: 'const [least] = able.filter(hasRoom).sort((a, b) => load(a) - load(b) || (a.id < b.id ? -1 : 1));',
    is: 'const [least] = able.filter(hasRoom).sort((a, b) => load(a) - load(b) || (a.id <= b.id ? -1 : 1));',
    why: 'no two of them have one id',
  },
];
