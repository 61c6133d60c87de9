/** "9 of 15 resources": as the portal counts them. */

export interface OpenOfList {
  readonly opens: number;
  /** how many a portal's list has; undefined: none has said so yet */
  readonly listed?: number | undefined;
}

/** A list that is shorter than what opens is an old one, or another person's. */
export function openOfList({ opens, listed }: OpenOfList): string {
  if (listed !== undefined && listed >= opens) return `${opens} of ${listed} resources`;
  return opens === 1 ? '1 resource' : `${opens} resources`;
}
