/** Challenges for page tokens: each counts once, for one Workspace, within a minute. */
import { newId } from '#runtime/jose/sign';

export interface Challenges {
  give(workspace: string): string;
  /** Whether it was given for this Workspace and not used. It is used now. */
  take(workspace: string, challenge: string): boolean;
}

/** A page fetches its token within a few round trips. Milliseconds. */
const GOOD_MS = 60_000;
/** More pages than a person loads in a minute. */
const OPEN_MAX = 32;

/** `now` in milliseconds. */
export function openChallenges(now: () => number): Challenges {
  const given = new Map<string, { readonly workspace: string; readonly until: number }>();
  return {
    give(workspace) {
      const [oldest] = given.keys();
      if (given.size >= OPEN_MAX && oldest !== undefined) given.delete(oldest);
      const challenge = newId();
      given.set(challenge, { workspace, until: now() + GOOD_MS });
      return challenge;
    },
    take(workspace, challenge) {
      const held = given.get(challenge);
      given.delete(challenge);
      return held !== undefined && held.workspace === workspace && now() <= held.until;
    },
  };
}
