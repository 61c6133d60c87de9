/** Which keys of a location are still needed to open leases. */
import { TIMES } from '#protocol/limits';
import type { LocationKey } from '#protocol/trust';

/** Of one location's keys, newest first: all but those that were replaced longer ago than any lease lasts. */
export function neededLocationKeys(keys: readonly LocationKey[], now: number): LocationKey[] {
  const newestFirst = [...keys].sort((a, b) => b.from - a.from);
  return newestFirst.filter((_, index) => {
    const successor = newestFirst[index - 1];
    return successor === undefined || successor.from > now - TIMES.locationKeyKeptSeconds;
  });
}
