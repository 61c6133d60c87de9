/** Mutants that nobody could tell from the source, each with the reason. The run fails for an entry that no mutant fits any more. */
import type { Mutant } from './mutants.ts';

export interface Equivalent extends Pick<Mutant, 'path' | 'was' | 'is'> {
  readonly why: string;
}

export const EQUIVALENT: readonly Equivalent[] = [];
