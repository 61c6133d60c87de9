/** What is said of this device's readiness for an outage; the checks come with the second script (`readiness.ts`). */

export interface Readiness {
  /** `live`: nothing is wrong, and nothing promised either */
  readonly is: 'ready' | 'not-ready' | 'live';
  readonly title: string;
  readonly text: string;
}

export const live = (text: string): Readiness => ({ is: 'live', title: 'Everything is live', text });

/** Until the checks are there. */
export const notLookedYet = (): Readiness => live('Checking what would still open in an outage.');

export function diskWords(disk: 'full' | 'unwritable'): string {
  return disk === 'full'
    ? 'The disk of this device is full. Free some space; Holdfast looks again every minute.'
    : 'Holdfast can’t write to its folder on this device. Tell your service desk.';
}
