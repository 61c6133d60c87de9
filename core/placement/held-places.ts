/** The places that sessions hold between their grant and the session host's report of them. */

/** A session that was granted and is not reported yet. */
export interface UnattachedSession {
  readonly sessionHost: string;
  readonly subject: string;
}

/** More of one person's hold none: who only launches and never attaches must not fill a location for everybody. */
const PLACES_OF_ONE = 3;

/** Session host -> places held there. `unattached`: newest first; of each person the newest few count. */
export function heldPlaces(unattached: readonly UnattachedSession[]): ReadonlyMap<string, number> {
  const ofPerson = new Map<string, number>();
  const held = new Map<string, number>();
  for (const { sessionHost, subject } of unattached) {
    const before = ofPerson.get(subject) ?? 0;
    if (before >= PLACES_OF_ONE) continue;
    ofPerson.set(subject, before + 1);
    held.set(sessionHost, (held.get(sessionHost) ?? 0) + 1);
  }
  return held;
}
