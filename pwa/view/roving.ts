/** Which of a group that is one tab stop a key leads to. Up and down follow the columns as they are drawn. */

/** Where a member of the group stands, CSS pixels. */
export interface Place {
  readonly left: number;
  readonly top: number;
}

/** Tiles of one column are not further apart: rounding of a zoomed page. CSS pixels. */
const SAME_COLUMN = 8;

/** The index after `key` at the member `at`; undefined: the key leads nowhere. `placesOf` is asked where it matters only. */
export function roveTo(
  key: string,
  at: number,
  count: number,
  { rightToLeft, placesOf }: { readonly rightToLeft: boolean; readonly placesOf: () => readonly Place[] },
): number | undefined {
  const forward = rightToLeft ? -1 : 1;
  const inGroup = (to: number): number | undefined => (to >= 0 && to < count ? to : undefined);
  switch (key) {
    case 'ArrowRight':
      return inGroup(at + forward);
    case 'ArrowLeft':
      return inGroup(at - forward);
    case 'ArrowDown':
      return inColumn(placesOf(), at, 'below');
    case 'ArrowUp':
      return inColumn(placesOf(), at, 'above');
    case 'Home':
      return inGroup(0);
    case 'End':
      return inGroup(count - 1);
    default:
      return undefined;
  }
}

/** The next one of the same column; the group is in the order of reading. */
function inColumn(places: readonly Place[], at: number, where: 'below' | 'above'): number | undefined {
  const own = places[at];
  if (own === undefined) return undefined;
  const sameColumn = ({ left }: Place): boolean => Math.abs(left - own.left) < SAME_COLUMN;
  const to =
    where === 'below'
      ? places.findIndex((one) => sameColumn(one) && one.top > own.top)
      : places.findLastIndex((one) => sameColumn(one) && one.top < own.top);
  return to < 0 ? undefined : to;
}
