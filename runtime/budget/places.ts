/**
 * Places for whatever holds memory while it lasts: connections, requests. There is one cap for all, and each source has a share of it:
 * when the places are taken, the source that holds most gives one up. So a flood pays for itself, and a source that is alone
 * may still have all of them.
 */

export interface PlaceLimits {
  readonly most: number;
  /** of one source; all of them where absent */
  readonly each?: number;
  /**
   * Which of a source's holders goes. `oldest`: newcomers always get in, for what an honest caller finishes quickly. `newest`: what is
   * under way goes on, and a newcomer of the fullest source is refused.
   */
  readonly gives: 'oldest' | 'newest';
}

export interface Places {
  /** Takes a place; `giveUp` is called when it is given to another. The result leaves it. Undefined: refused. */
  take(source: string, giveUp: () => void): (() => void) | undefined;
  taken(): number;
}

interface Holder {
  readonly giveUp: () => void;
}

export function placesFor({ most, each = most, gives }: PlaceLimits): Places {
  const sources = new Map<string, Set<Holder>>();
  let taken = 0;

  const leave = (source: string, holder: Holder) => {
    const held = sources.get(source);
    if (held?.delete(holder) !== true) return;
    taken -= 1;
    if (held.size === 0) sources.delete(source);
  };

  return {
    take(source, giveUp) {
      const holder: Holder = { giveUp };
      const mine = sources.get(source) ?? new Set();
      sources.set(source, mine.add(holder));
      taken += 1;
      if (taken > most || mine.size > each) {
        const from = mine.size > each ? source : fullest(sources);
        const goes = oneOf(sources.get(from) ?? mine, gives) ?? holder;
        leave(from, goes);
        if (goes === holder) return undefined;
        goes.giveUp();
      }
      return () => leave(source, holder);
    },
    taken: () => taken,
  };
}

/** Of several that hold as many, the one that came first. */
function fullest(sources: ReadonlyMap<string, ReadonlySet<Holder>>): string {
  let [name, most] = ['', 0];
  for (const [source, { size }] of sources) if (size > most) [name, most] = [source, size];
  return name;
}

function oneOf(holders: ReadonlySet<Holder>, gives: PlaceLimits['gives']): Holder | undefined {
  if (gives === 'oldest') return holders.values().next().value;
  let newest: Holder | undefined;
  for (const holder of holders) newest = holder;
  return newest;
}
